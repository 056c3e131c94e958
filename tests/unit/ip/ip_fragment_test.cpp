// ip_fragments: when fragments become a datagram again, and which of them may not (RFC 791, RFC 5722).
#include "models/ip/ip_fragment.h"

#include <numeric>

#include "models/base/checksum.h"
#include "models/base/skb_truesize.h"
#include "models/ip/ip_expire.h"
#include "models/ip/ip_rcv_core.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr bool more = true, last = false;

class ip_fragment : public path_fixture {
protected:
    // Bytes offset to offset + size of a datagram whose every byte is its own number; true when it is whole.
    bool receive(std::uint16_t offset, std::uint16_t size, bool more_follow, std::uint16_t id = 7,
                 std::uint8_t tos = 0) {
        packet frame;
        frame.bytes.assign(20u + size, 0);
        auto& bytes = frame.bytes;
        const auto put = [&](std::size_t at, unsigned value) {
            bytes[at] = static_cast<std::uint8_t>(value >> 8);
            bytes[at + 1] = static_cast<std::uint8_t>(value);
        };
        bytes[0] = 0x45;
        bytes[1] = tos;
        put(2, 20u + size);
        put(4, id);
        put(6, (more_follow ? 0x2000u : 0u) | offset / 8u);
        bytes[8] = 64;
        bytes[9] = ipproto_udp;
        bytes[12] = 10, bytes[15] = 2, bytes[16] = 10, bytes[19] = 1;
        put(10, static_cast<std::uint16_t>(~csum_fold(internet_sum(bytes.data(), 20))));
        std::iota(bytes.begin() + 20, bytes.end(), static_cast<std::uint8_t>(offset));
        frame.length = {bytes.size()};
        forget();
        fill(m_skb, frame);
        m_skb.truesize = m_truesize;
        EXPECT_TRUE(ip_rcv_core(m_context, m_skb));
        return m_net.fragments.ip_defrag(m_context, m_skb);
    }
    void expect_datagram(std::uint32_t size) {
        EXPECT_EQ(m_skb.len, 20u + size);
        ASSERT_EQ(m_skb.head.size(), 20u + size);
        for (std::uint32_t i = 0; i < size; ++i) ASSERT_EQ(m_skb.head[20 + i], static_cast<std::uint8_t>(i)) << i;
        EXPECT_EQ(m_skb.ip_hdr().tot_len(), 20u + size);
        EXPECT_FALSE(m_skb.ip_hdr().is_fragment());
        EXPECT_EQ(csum_fold(internet_sum(m_skb.head.data(), 20)), 0xffff);
        EXPECT_EQ(m_net.fragments.queue_count(), 0u);
        EXPECT_EQ(m_net.fragments.memory(), 0u);
    }

    std::uint32_t m_truesize = 1000;  // of each fragment, bytes
};

TEST_F(ip_fragment, LastOneCompletesTheDatagram) {
    EXPECT_FALSE(receive(0, 16, more));
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_TRUE(receive(16, 10, last));
    expect_datagram(26);
}

TEST_F(ip_fragment, OrderDoesNotMatter) {
    EXPECT_FALSE(receive(24, 8, last));
    EXPECT_FALSE(receive(8, 8, more));
    EXPECT_FALSE(receive(16, 8, more));
    EXPECT_TRUE(receive(0, 8, more));
    expect_datagram(32);
}

TEST_F(ip_fragment, BelongsToItsIdentificationOnly) {
    EXPECT_FALSE(receive(0, 16, more, 1));
    EXPECT_FALSE(receive(16, 8, last, 2));
    EXPECT_EQ(m_net.fragments.queue_count(), 2u);
    EXPECT_TRUE(receive(16, 8, last, 1));
}

TEST_F(ip_fragment, SeenBeforeIsDroppedAndTheQueueStays) {
    receive(0, 16, more);
    EXPECT_FALSE(receive(0, 16, more));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::DUP_FRAG));
    EXPECT_FALSE(receive(8, 8, more));  // a part of one that is there
    EXPECT_THAT(drops(), ElementsAre(drop_reason::DUP_FRAG));
    EXPECT_TRUE(receive(16, 8, last));
    expect_datagram(24);
}

// RFC 5722: an overlap may be an attack, and the whole datagram is given up.
TEST_F(ip_fragment, OverlapDiscardsTheQueue) {
    receive(0, 16, more);
    EXPECT_FALSE(receive(8, 16, more));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_EQ(m_net.fragments.queue_count(), 0u);
    EXPECT_EQ(m_net.fragments.memory(), 0u);
}

// 0-16 and 16-32 came apart, so they are two runs: neither holds 8-24.
TEST_F(ip_fragment, AcrossTwoRunsIsAnOverlapThoughEveryByteIsThere) {
    receive(16, 16, more);
    receive(0, 16, more);
    EXPECT_FALSE(receive(8, 16, more));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(ip_fragment, BeyondTheLastOneIsCorrupt) {
    receive(16, 8, last);
    receive(24, 8, more);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(ip_fragment, TwoDifferentEndsAreCorrupt) {
    receive(16, 16, last);
    receive(16, 8, last);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(ip_fragment, OfNoBytesIsCorrupt) {
    receive(8, 7, more);  // cut to a multiple of eight
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(ip_fragment, OddLengthIsCutToEights) {
    receive(0, 19, more);
    EXPECT_TRUE(receive(16, 8, last));
    expect_datagram(24);
}

// 8190 * 8 + 16 bytes of payload and a header are more than 65535.
TEST_F(ip_fragment, DatagramThatGrowsTooLongVanishesWithoutAWord) {
    for (std::uint32_t at = 0; at < 65520; at += 32760) receive(static_cast<std::uint16_t>(at), 32760, more);
    EXPECT_FALSE(receive(65520, 16, last));
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_EQ(m_net.fragments.queue_count(), 0u);
}

// RFC 3168 §5.3
TEST_F(ip_fragment, CongestionMarkOfOneMarksAll) {
    receive(0, 16, more, 7, 2);
    EXPECT_TRUE(receive(16, 8, last, 7, 3));
    EXPECT_EQ(m_skb.ip_hdr().tos(), 3u);
}

TEST_F(ip_fragment, MarkAmongPacketsThatCannotCarryOneIsInvalid) {
    receive(0, 16, more, 7, 0);
    EXPECT_FALSE(receive(16, 8, last, 7, 3));
    EXPECT_EQ(m_net.fragments.queue_count(), 0u);
}

TEST_F(ip_fragment, MemoryAboveTheLimitRefusesEveryFragment) {
    run("sysctl net.ipv4.ipfrag_high_thresh=1100");
    receive(0, 16, more, 1);  // 1000 bytes and the queue's own 200
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_FALSE(receive(16, 8, last, 1));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(ip_fragment, IdentificationThatCameRoundStartsAnew) {
    receive(0, 16, more, 1);
    for (std::uint16_t id = 100; id < 165; ++id) receive(0, 16, more, id);  // net.ipv4.ipfrag_max_dist is 64
    EXPECT_FALSE(receive(16, 8, last, 1));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::FRAG_TOO_FAR));
}

TEST_F(ip_fragment, TimeIsOverAfterThirtySecondsAndTheSenderIsTold) {
    receive(0, 16, more);
    m_context.now += milliseconds(29'990);
    forget();
    ip_expire(m_context, m_net);
    EXPECT_EQ(m_net.fragments.queue_count(), 1u);
    m_context.now += milliseconds(10);
    ip_expire(m_context, m_net);
    EXPECT_EQ(m_net.fragments.queue_count(), 0u);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::FRAG_REASM_TIMEOUT));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

TEST_F(ip_fragment, TimeOfADatagramWithoutItsFirstFragmentEndsSilently) {
    receive(16, 16, more);
    m_context.now += milliseconds(30'000);
    forget();
    ip_expire(m_context, m_net);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::FRAG_REASM_TIMEOUT));
    EXPECT_THAT(sends(), IsEmpty());
}

// The head's buffer has no room for 200 bytes: they stay in their page.
TEST_F(ip_fragment, PagesOfTheOthersBecomeTheFirstOnes) {
    m_truesize = skb_truesize(36);
    receive(0, 16, more);
    EXPECT_TRUE(receive(16, 200, last));
    EXPECT_THAT(m_skb.frags, ElementsAre(200u));
    EXPECT_EQ(m_skb.headlen(), 36u);
}

}  // namespace
}  // namespace rxpath
