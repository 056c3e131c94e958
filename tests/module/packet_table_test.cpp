// Packets by their numbers: a table of those at work, those of a run, and the sk_buffs they are in.
#include "models/softirq/packet_table.h"

#include <gmock/gmock.h>

#include "models/softirq/packet_numbers.h"
#include "models/softirq/skb_pool.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

TEST(packet_table, KeepsWhatIsOpenAndForgetsWhatIsClosed) {
    packet_table<int> table;
    table.open(7) = 70;
    table.open(8) = 80;
    table.close(7);
    EXPECT_EQ(table.find(7), nullptr);
    ASSERT_NE(table.find(8), nullptr);
    EXPECT_EQ(*table.find(8), 80);
    EXPECT_EQ(table.find(0), nullptr);
}

// 64 apart, a hundred times: the same lowest bits in every table that is too small.
TEST(packet_table, KeepsNumbersApartThatShareTheirLowestBits) {
    packet_table<std::uint64_t> table;
    for (std::uint64_t i = 1; i <= 100; ++i) table.open(64 * i) = i;
    for (std::uint64_t i = 1; i <= 100; ++i) {
        ASSERT_NE(table.find(64 * i), nullptr) << i;
        EXPECT_EQ(*table.find(64 * i), i);
    }
    EXPECT_EQ(table.find(64 * 101), nullptr);
}

TEST(packet_table, PacketBeginsAnew) {
    packet_table<int> table;
    table.open(3) = 30;
    table.close(3);
    EXPECT_EQ(table.open(3), 0);
}

TEST(packet_numbers, HavePlacesWhateverIsBetweenThem) {
    const packet_numbers packets{3, 4, 9};
    EXPECT_EQ(place_of(3, packets), 0u);
    EXPECT_EQ(place_of(9, packets), 2u);
    EXPECT_EQ(place_of(5, packets), std::nullopt);
    EXPECT_EQ(place_of(10, packets), std::nullopt);
}

TEST(run_packets, TravelInTheirOwnSkBuffUntilTheyAreMerged) {
    run_packets packets;
    for (const std::uint64_t number : {3, 4, 9}) packets.add(number);
    packets.sk_buffs[2] = 3;
    std::vector<std::size_t> places;
    packets.for_each_in(3, [&](std::size_t place) { places.push_back(place); });
    EXPECT_THAT(places, ElementsAre(0, 2));
}

TEST(skb_pool, GivesTheSkBuffThatWasFreedLast) {
    skb_pool pool;
    net_device dev;
    const packet frame{std::vector<std::uint8_t>(100), {100}};
    auto& first = pool.take(frame, dev, {}, 0);
    auto& second = pool.take(frame, dev, {}, 0);
    EXPECT_THAT(pool.in_use(), ElementsAre(&first, &second));
    pool.free(second);
    pool.free(first);
    EXPECT_TRUE(pool.in_use().empty());
    EXPECT_EQ(&pool.take(frame, dev, {}, 0), &first);
}

TEST(skb_pool, NumbersPacketsInOrder) {
    skb_pool pool;
    net_device dev;
    const packet frame{std::vector<std::uint8_t>(100), {100}};
    for (std::uint64_t number = 1; number <= 3; ++number) {
        auto& skb = pool.take(frame, dev, nanoseconds(number), 5);
        EXPECT_EQ(skb.number, number);
        EXPECT_EQ(skb.arrival, nanoseconds(number));
        EXPECT_EQ(skb.len, 100u);
        EXPECT_EQ(skb.buffer, 5u);
        pool.free(skb);
    }
    EXPECT_EQ(pool.taken(), 3u);
}

}  // namespace
}  // namespace rxpath
