#include <cerrno>

#include "routing_fixture.h"

namespace rxpath {
namespace {

class ip_route_use_hint_test : public routing_fixture {
protected:
    // The packet after one that m_skb holds.
    int use_hint(std::string_view from, std::string_view to) {
        m_next.fill(make_packet(from, to), {40});
        const auto header = m_next.ip_hdr();
        m_trace.clear();
        return ip_route_use_hint(m_context, m_routing, m_next, header.daddr(), header.saddr(), 0, device("nic0"),
                                 m_skb);
    }
    ~ip_route_use_hint_test() override { skb_dst_drop(m_context, m_next); }
    sk_buff m_next;
};

TEST_F(ip_route_use_hint_test, CopiesTheRouteWithItsReference) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    const auto before = routed().dst.__rcuref.read();
    ASSERT_EQ(use_hint("10.0.0.3", "10.0.0.1"), 0);
    EXPECT_EQ(skb_dst(m_next), skb_dst(m_skb));
    EXPECT_EQ(routed().dst.__rcuref.read(), before + 1);
    EXPECT_EQ(m_next.routed_by, route_source::hint);
    EXPECT_EQ(calls(fn::fib_table_lookup), 0u);
}

TEST_F(ip_route_use_hint_test, CopiesAnUnreferencedRouteAsSuch) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    const auto before = routed().dst.__rcuref.read();
    ASSERT_EQ(use_hint("10.0.0.3", "10.0.0.1"), 0);
    EXPECT_TRUE(skb_dst_is_noref(m_next));
    EXPECT_EQ(routed().dst.__rcuref.read(), before);
}

TEST_F(ip_route_use_hint_test, StillChecksTheSource) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    for (const auto* source : {"127.0.0.1", "0.0.0.0", "224.0.0.5", "255.255.255.255", "10.0.0.1"}) {
        EXPECT_EQ(use_hint(source, "10.0.0.1"), -EINVAL) << source;
        EXPECT_EQ(skb_dst(m_next), nullptr);
    }
}

TEST_F(ip_route_use_hint_test, NeedsTheSameAddressAndTos) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    m_next.fill(make_packet("10.0.0.3", "10.0.0.1"), {40});
    EXPECT_TRUE(ip_can_use_hint(m_next, &m_skb));
    EXPECT_FALSE(ip_can_use_hint(m_next, nullptr));
    m_next.fill(make_packet("10.0.0.3", "10.0.0.1", 0x10), {40});
    EXPECT_FALSE(ip_can_use_hint(m_next, &m_skb));
    m_next.fill(make_packet("10.0.0.3", "10.0.0.4"), {40});
    EXPECT_FALSE(ip_can_use_hint(m_next, &m_skb));
}

}  // namespace
}  // namespace rxpath
