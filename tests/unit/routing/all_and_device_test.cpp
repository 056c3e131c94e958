// net.ipv4.conf: which settings count when either `all` or the device has them, which when both have, and which are
// the device's alone (IN_DEV_ORCONF, IN_DEV_ANDCONF and IN_DEV_CONF_GET, include/linux/inetdevice.h).
#include <cerrno>

#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

class all_and_device : public routing_fixture {
protected:
    all_and_device() {
        add_device("nic1");
        run("ip addr add 10.1.0.1/24 dev nic1");
        run("ip link set nic1 up");
    }
    void set(const std::string& name, int all, int device) {
        run("sysctl net.ipv4.conf.all." + name + "=" + std::to_string(all));
        run("sysctl net.ipv4.conf.nic0." + name + "=" + std::to_string(device));
    }
    // A packet from 10.0.0.9 goes out again where it came in.
    bool redirected(std::string_view from = "10.0.0.9", std::string_view to = "198.51.100.1") {
        EXPECT_EQ(route(from, to), 0);
        return (m_skb.ip_cb.flags & ipskb_doredirect) != 0;
    }
};

TEST_F(all_and_device, RouteLocalnetOfEitherLetsLoopbackAddressesIn) {
    for (const auto& [all, device] : {std::pair{1, 0}, {0, 1}}) {
        set("route_localnet", all, device);
        EXPECT_EQ(route("10.0.0.2", "127.0.0.1"), 0) << all;
        EXPECT_EQ(route("127.9.9.9", "10.0.0.1"), 0) << all;
    }
    set("route_localnet", 0, 0);
    run("sysctl net.ipv4.conf.nic1.route_localnet=1");
    EXPECT_EQ(route("10.0.0.2", "127.0.0.1"), -EINVAL);
    EXPECT_EQ(route("127.9.9.9", "10.0.0.1"), -EINVAL);
}

TEST_F(all_and_device, AcceptLocalOfEitherTakesThisHostsAddressAsASource) {
    for (const int rp_filter : {0, 1}) {
        run("sysctl net.ipv4.conf.all.rp_filter=" + std::to_string(rp_filter));
        set("accept_local", 0, 0);
        EXPECT_EQ(route("10.0.0.1", "10.0.0.1"), -EINVAL) << rp_filter;
        set("accept_local", 1, 0);
        EXPECT_EQ(route("10.0.0.1", "10.0.0.1"), 0) << rp_filter;
        set("accept_local", 0, 1);
        EXPECT_EQ(route("10.0.0.1", "10.0.0.1"), 0) << rp_filter;
    }
}

// Whatever accept_local says: the route to a broadcast address is neither unicast nor local.
TEST_F(all_and_device, BroadcastAddressIsNoSource) {
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    EXPECT_EQ(route("10.0.0.255", "10.0.0.1"), -EINVAL);
    set("accept_local", 1, 1);
    EXPECT_EQ(route("10.0.0.255", "10.0.0.1"), -EINVAL);
}

TEST_F(all_and_device, SrcValidMarkOfEitherCounts) {
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    run("ip route add default via 10.1.0.2 table 100");
    run("ip rule add fwmark 7 table 100");
    m_mark = 7;
    for (const auto& [all, device] : {std::pair{1, 0}, {0, 1}}) {
        run("sysctl net.ipv4.conf.all.src_valid_mark=" + std::to_string(all));
        run("sysctl net.ipv4.conf.nic1.src_valid_mark=" + std::to_string(device));
        EXPECT_EQ(route("203.0.113.9", "10.0.0.1", "nic1"), 0) << all;
    }
}

TEST_F(all_and_device, SendRedirectsOfEitherTellsOfABetterWay) {
    run("sysctl net.ipv4.ip_forward=1");
    for (const auto& [all, device] : {std::pair{1, 0}, {0, 1}, {1, 1}}) {
        set("send_redirects", all, device);
        EXPECT_TRUE(redirected()) << all << device;
    }
    set("send_redirects", 0, 0);
    EXPECT_FALSE(redirected());
}

// Nobody is told who came in elsewhere than he would leave.
TEST_F(all_and_device, SenderOnAnotherLinkIsNotRedirected) {
    run("sysctl net.ipv4.ip_forward=1");
    run("sysctl net.ipv4.conf.all.rp_filter=1");  // so that he is known to be a neighbour
    EXPECT_FALSE(redirected("10.0.0.9", "10.1.0.9"));
}

// Where a link is not one shared medium, the sender and the next hop must be in one network of the device.
TEST_F(all_and_device, WithoutSharedMediaOnlyNeighboursInOneNetworkAreRedirected) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 203.0.113.0/24 dev nic0");  // a neighbour, but in no network of nic0
    set("shared_media", 0, 0);
    EXPECT_TRUE(redirected());
    EXPECT_FALSE(redirected("203.0.113.9"));
    EXPECT_TRUE(redirected("10.0.0.9", "203.0.113.7")) << "a next hop without a gateway";
    set("shared_media", 1, 0);
    EXPECT_TRUE(redirected("203.0.113.9"));
    set("shared_media", 0, 1);
    EXPECT_TRUE(redirected("203.0.113.9"));
}

TEST_F(all_and_device, BroadcastForwardingNeedsBoth) {
    run("sysctl net.ipv4.ip_forward=1");
    for (const auto& [all, device] : {std::pair{1, 0}, {0, 1}}) {
        set("bc_forwarding", all, device);
        ASSERT_EQ(route("10.0.0.2", "10.0.0.255"), 0);
        EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver) << all;
    }
}

// Another device may forward what this one delivers: no next hop may cache either.
TEST_F(all_and_device, DeliveredBroadcastIsNotCachedWhereAllForwards) {
    set("bc_forwarding", 1, 0);
    ASSERT_EQ(route("10.0.0.2", "10.0.0.255"), 0);
    EXPECT_EQ(routed().dst.__rcuref.read(), 1u);
    set("bc_forwarding", 0, 1);
    ASSERT_EQ(route("10.0.0.2", "10.0.0.255"), 0);
    EXPECT_EQ(routed().dst.__rcuref.read(), 2u) << "the packet's and the next hop's";
}

TEST_F(all_and_device, ForwardingIsTheDevicesAlone) {
    run("sysctl net.ipv4.conf.nic0.forwarding=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_forward);
    run("sysctl net.ipv4.ip_forward=1");
    run("sysctl net.ipv4.conf.nic0.forwarding=0");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.error, EHOSTUNREACH);
}

TEST_F(all_and_device, ErrorOfAMissingRouteIsToldWhereTheDeviceForwards) {
    run("ip route del default");
    run("sysctl net.ipv4.conf.nic0.forwarding=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.error, ENETUNREACH);
    run("sysctl net.ipv4.ip_forward=1");
    run("sysctl net.ipv4.conf.nic0.forwarding=0");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(routed().dst.error, EHOSTUNREACH);
}

TEST_F(all_and_device, RouteWithoutCarrierIsPassedOverWhereEitherIgnoresIt) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 198.51.100.0/24 via 10.1.0.2");
    const auto leaves_by = [&](int all, int device) {
        run("sysctl net.ipv4.conf.all.ignore_routes_with_linkdown=" + std::to_string(all));
        run("sysctl net.ipv4.conf.nic1.ignore_routes_with_linkdown=" + std::to_string(device));
        run("ip link set nic1 carrier on");
        run("ip link set nic1 carrier off");
        EXPECT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
        return routed().dst.dev->name;
    };
    EXPECT_EQ(leaves_by(0, 0), "nic1");
    EXPECT_EQ(leaves_by(1, 0), "nic0");
    EXPECT_EQ(leaves_by(0, 1), "nic0");
}

TEST_F(all_and_device, LogMartiansOfEitherWritesALine) {
    for (const auto& [all, device, lines] : {std::tuple{0, 0, 0u}, {1, 0, 1u}, {0, 1, 1u}}) {
        set("log_martians", all, device);
        EXPECT_EQ(route("224.0.0.5", "10.0.0.1"), -EINVAL);
        EXPECT_EQ(calls(fn::_printk), lines);
        EXPECT_EQ(route("10.0.0.2", "0.0.0.0"), -EINVAL);
        EXPECT_EQ(calls(fn::_printk), lines);
    }
}

}  // namespace
}  // namespace rxpath
