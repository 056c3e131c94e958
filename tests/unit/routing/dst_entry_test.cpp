#include "models/routing/dst_entry.h"

#include "models/base/kernel_functions/routing.h"
#include "models/routing/rt_cache.h"
#include "routing_fixture.h"

namespace rxpath {
namespace {

class dst_entry_test : public routing_fixture {
protected:
    dst_entry_test() { EXPECT_EQ(route("10.0.0.2", "10.0.0.1"), 0); }
    dst_entry& dst() { return routed().dst; }
    bool valid() { return dst_check(m_context, dst(), 0) == &dst(); }
};

TEST_F(dst_entry_test, ObsoleteNoneIsValidWithoutAskingTheProtocol) {
    dst().obsolete = dst_obsolete::none;
    m_routing.rt_cache_flush();
    m_trace.clear();
    EXPECT_TRUE(valid());
    EXPECT_EQ(calls(fn::ipv4_dst_check), 0u);
}

TEST_F(dst_entry_test, ObsoleteForceChkIsValidInItsGeneration) {
    ASSERT_EQ(dst().obsolete, dst_obsolete::force_chk);
    EXPECT_TRUE(valid());
    EXPECT_EQ(calls(fn::ipv4_dst_check), 1u);
}

TEST_F(dst_entry_test, ObsoleteForceChkEndsWithItsGeneration) {
    m_routing.rt_cache_flush();
    EXPECT_FALSE(valid());
}

TEST_F(dst_entry_test, ObsoleteDeadIsNeverValid) {
    dst().obsolete = dst_obsolete::dead;
    EXPECT_FALSE(valid());
}

TEST_F(dst_entry_test, ObsoleteKillIsNeverValid) {
    dst().obsolete = dst_obsolete::kill;
    EXPECT_FALSE(valid());
}

TEST_F(dst_entry_test, LeavingTheDeviceKillsTheEntryAndDiscardsItsPackets) {
    dst_dev_put(dst());
    EXPECT_EQ(dst().obsolete, dst_obsolete::dead);
    EXPECT_EQ(dst().input, dst_input::dst_discard);
    EXPECT_EQ(dst().output, dst_output::dst_discard_out);
    EXPECT_FALSE(valid());
}

TEST_F(dst_entry_test, FreshEntryHasReadOnlyDefaultMetrics) {
    EXPECT_EQ(&dst_metrics_of(dst()), &dst_default_metrics);
    EXPECT_TRUE(dst_metrics_read_only_set(dst()));
    EXPECT_EQ(dst()._metrics & dst_metrics_refcounted, 0u);
}

TEST_F(dst_entry_test, MtuIsTheDevicesUnlessTheRouteSaysOtherwise) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(dst().ops->mtu(dst(), 0), device("nic0").mtu);
    run("ip route add 192.0.2.0/24 via 10.0.0.2 mtu 1300");
    ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    EXPECT_EQ(dst().ops->mtu(dst(), 0), 1300u);
    EXPECT_NE(dst()._metrics & dst_metrics_refcounted, 0u);
}

TEST_F(dst_entry_test, RouteToTheHostLeavesThroughLoopback) {
    ASSERT_EQ(route("10.0.0.9", "10.0.0.1"), 0);
    EXPECT_EQ(dst().dev, &device("lo"));
    EXPECT_EQ(dst().ops->mtu(dst(), 0), 0xffffu);  // an IP packet's most, though lo takes 65536 bytes
}

TEST_F(dst_entry_test, UseIsCountedOnceAJiffy) {
    const auto before = dst().__use;
    dst_use_noref(dst(), 5);
    dst_use_noref(dst(), 5);
    EXPECT_EQ(dst().__use, before + 1);
    EXPECT_EQ(dst().lastuse, 5u);
}

TEST_F(dst_entry_test, PacketWithoutReferenceGivesNoneBack) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    ASSERT_TRUE(skb_dst_is_noref(m_skb));
    auto& cached = dst();
    const auto before = cached.__rcuref.read();
    drop();
    EXPECT_EQ(cached.__rcuref.read(), before);
    EXPECT_EQ(skb_dst(m_skb), nullptr);
}

TEST_F(dst_entry_test, ForcingTakesAReference) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    const auto before = dst().__rcuref.read();
    EXPECT_TRUE(skb_dst_force(m_skb));
    EXPECT_FALSE(skb_dst_is_noref(m_skb));
    EXPECT_EQ(dst().__rcuref.read(), before + 1);
}

}  // namespace
}  // namespace rxpath
