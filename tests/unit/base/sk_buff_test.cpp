#include "models/base/sk_buff.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

packet packet_of(std::size_t known_bytes, std::uint64_t length) {
    packet made;
    made.bytes.assign(known_bytes, 1);
    made.length = {length};
    return made;
}

TEST(SkBuff, PullSucceedsWithinTheLinearPart) {
    sk_buff skb;
    skb.fill(packet_of(60, 60), byte_count{40});
    EXPECT_TRUE(skb.pskb_may_pull(40));
    EXPECT_EQ(skb.data_len, 20u);
}

TEST(SkBuff, PullBeyondTheLinearPartTakesPagedBytes) {
    sk_buff skb;
    skb.fill(packet_of(60, 60), byte_count{40});
    EXPECT_TRUE(skb.pskb_may_pull(50));
    EXPECT_EQ(skb.headlen(), 50u);
    EXPECT_EQ(skb.len, 60u);
}

TEST(SkBuff, PullBeyondThePacketFails) {
    sk_buff skb;
    skb.fill(packet_of(60, 60), byte_count{60});
    EXPECT_FALSE(skb.pskb_may_pull(61));
    EXPECT_EQ(skb.headlen(), 60u);
}

TEST(SkBuff, SnappedPacketKeepsItsLength) {
    sk_buff skb;
    skb.fill(packet_of(114, 1500), byte_count{1500});
    EXPECT_EQ(skb.len, 1500u);
    EXPECT_EQ(skb.headlen(), 114u);
    EXPECT_TRUE(skb.pskb_may_pull(120));  // not captured: zeros
    EXPECT_EQ(skb.head[119], 0);
}

TEST(SkBuff, TrimShortensLinearAndPagedPart) {
    sk_buff skb;
    skb.fill(packet_of(60, 60), byte_count{40});
    skb.trim(50);
    EXPECT_EQ(skb.headlen(), 40u);
    EXPECT_EQ(skb.data_len, 10u);
    skb.trim(30);
    EXPECT_EQ(skb.headlen(), 30u);
    EXPECT_EQ(skb.data_len, 0u);
}

TEST(SkBuff, DstKeepsItsNorefBit) {
    sk_buff skb;
    auto* dst = reinterpret_cast<dst_entry*>(std::uintptr_t{0x1000});
    skb_dst_set_noref(skb, dst);
    EXPECT_EQ(skb_dst(skb), dst);
    EXPECT_TRUE(skb_dst_is_noref(skb));
    skb_dst_set(skb, dst);
    EXPECT_FALSE(skb_dst_is_noref(skb));
    EXPECT_TRUE(skb_valid_dst(skb));
}

TEST(SkBuff, FillForgetsThePacketBefore) {
    sk_buff skb;
    skb.fill(packet_of(60, 60), byte_count{60});
    skb.queued = true;
    skb_dst_set(skb, reinterpret_cast<dst_entry*>(std::uintptr_t{0x1000}));
    skb.fill(packet_of(20, 20), byte_count{20});
    EXPECT_FALSE(skb.queued);
    EXPECT_FALSE(skb_valid_dst(skb));
    EXPECT_EQ(skb.head.size(), 20u);
}

}  // namespace
}  // namespace rxpath
