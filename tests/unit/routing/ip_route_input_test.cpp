#include <cerrno>

#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

class ip_route_input_test : public routing_fixture {};

TEST_F(ip_route_input_test, OwnAddressIsDelivered) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver);
    EXPECT_EQ(routed().rt_flags, rtcf_local);
    EXPECT_EQ(static_cast<route_type>(routed().rt_type), route_type::local);
}

TEST_F(ip_route_input_test, MartianSourcesAreRefused) {
    for (const auto* source : {"127.0.0.1", "0.0.0.0", "224.0.0.5", "255.255.255.255", "10.0.0.1"}) {
        EXPECT_EQ(route(source, "10.0.0.1"), -EINVAL) << source;
        EXPECT_EQ(calls(fn::ip_handle_martian_source), 1u) << source;
        EXPECT_EQ(skb_dst(m_skb), nullptr);
    }
}

TEST_F(ip_route_input_test, MartianDestinationsAreRefused) {
    for (const auto* destination : {"0.0.0.0", "127.0.0.1", "224.1.1.1"})
        EXPECT_EQ(route("10.0.0.2", destination), -EINVAL);
}

TEST_F(ip_route_input_test, LoopbackAddressesComeInWithRouteLocalnet) {
    run("sysctl net.ipv4.conf.nic0.route_localnet=1");
    EXPECT_EQ(route("10.0.0.2", "127.0.0.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver);
}

TEST_F(ip_route_input_test, BroadcastsAreDelivered) {
    for (const auto* destination : {"255.255.255.255", "10.0.0.255"}) {
        ASSERT_EQ(route("10.0.0.2", destination), 0) << destination;
        EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver);
        EXPECT_EQ(routed().rt_flags, rtcf_local | rtcf_broadcast);
    }
}

TEST_F(ip_route_input_test, DirectedBroadcastIsForwardedWhereAskedFor) {
    run("sysctl net.ipv4.ip_forward=1");
    run("sysctl net.ipv4.conf.all.bc_forwarding=1");
    run("sysctl net.ipv4.conf.nic0.bc_forwarding=1");
    ASSERT_EQ(route("10.0.0.2", "10.0.0.255"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_forward);
}

TEST_F(ip_route_input_test, AllHostsGroupIsJoined) {
    ASSERT_EQ(route("10.0.0.2", "224.0.0.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver);
    EXPECT_EQ(routed().rt_flags, rtcf_local | rtcf_multicast);
    EXPECT_EQ(routed().dst.dev, &device("lo"));
}

TEST_F(ip_route_input_test, DeviceThatIsDownIsInNoGroup) {
    run("ip link set nic0 down");
    EXPECT_EQ(route("10.0.0.2", "224.0.0.1"), -EINVAL);
    run("ip link set nic0 up");
    EXPECT_EQ(route("10.0.0.2", "224.0.0.1"), 0);
}

TEST_F(ip_route_input_test, ForeignAddressIsAnErrorWithoutForwarding) {
    ASSERT_EQ(route("10.0.0.2", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_error);
    EXPECT_EQ(routed().dst.error, EHOSTUNREACH);
    EXPECT_EQ(routed().dst.__rcuref.read(), 1u) << "never cached";
}

TEST_F(ip_route_input_test, ForeignAddressIsForwardedWithForwarding) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_forward);
    EXPECT_EQ(routed().rt_gw4.to_string(), "10.0.0.2");
    EXPECT_EQ(routed().rt_uses_gateway, 1);
    EXPECT_EQ(routed().dst.dev, &device("nic0"));
}

TEST_F(ip_route_input_test, SenderOnTheSameLinkIsToldOfABetterWay) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_NE(m_skb.ip_cb.flags & ipskb_doredirect, 0);
    run("sysctl net.ipv4.conf.all.send_redirects=0");
    run("sysctl net.ipv4.conf.nic0.send_redirects=0");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(m_skb.ip_cb.flags & ipskb_doredirect, 0);
}

struct error_route {
    const char* type;
    int error;
};
class ErrorRoute : public routing_fixture, public testing::WithParamInterface<error_route> {};

TEST_P(ErrorRoute, GivesItsErrorToIpError) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route del default");
    run(std::string{"ip route add "} + GetParam().type + " 198.51.100.0/24");
    ASSERT_EQ(route("10.0.0.2", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_error);
    EXPECT_EQ(routed().dst.error, GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(Types, ErrorRoute,
                         testing::Values(error_route{"blackhole", EINVAL}, error_route{"unreachable", EHOSTUNREACH},
                                         error_route{"prohibit", EACCES}, error_route{"throw", ENETUNREACH}),
                         [](const auto& tested) { return std::string{tested.param.type}; });

TEST_F(ip_route_input_test, TinyMtuTurnsIpOff) {
    run("ip link set nic0 mtu 60");
    EXPECT_EQ(route("10.0.0.2", "10.0.0.1"), -EINVAL);
    EXPECT_TRUE(device("nic0").ip.ifa_list.empty());
}

TEST_F(ip_route_input_test, ReasonsSayWhatWasLookedAt) {
    m_trace.keep_reasons(true);
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    ASSERT_FALSE(m_trace.reasons().empty());
    EXPECT_EQ(m_trace.reasons().front().text, "the longest prefix that 10.0.0.1 matches is 10.0.0.1/32, of type local");
}

}  // namespace
}  // namespace rxpath
