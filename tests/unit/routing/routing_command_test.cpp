#include "models/command/routing_command.h"

#include "models/routing/fib_trie_proc.h"

#include "routing_fixture.h"

namespace rxpath {
namespace {

class routing_command_test : public routing_fixture {};

struct bad_command {
    const char* command;
    const char* says;
};
class BadCommand : public routing_fixture, public testing::WithParamInterface<bad_command> {};

TEST_P(BadCommand, SaysWhatWasFoundAndWhatIsAllowed) {
    EXPECT_THAT(refused(GetParam().command), testing::HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCommand,
    testing::Values(bad_command{"", "begins with ip, sysctl or routes"}, bad_command{"ifconfig", "begins with ip"},
                    bad_command{"ip tunnel add", "addr, link, route, rule or neigh"},
                    bad_command{"ip addr add 10.0.0.300/24 dev nic0", "'10.0.0.300/24' is no prefix"},
                    bad_command{"ip addr add 10.2.0.1/24", "'dev DEVICE' is missing"},
                    bad_command{"ip addr add 10.2.0.1/24 dev eth7", "devices are lo, nic0"},
                    bad_command{"ip addr add 10.0.0.1/24 dev nic0", "has address 10.0.0.1 already"},
                    bad_command{"ip addr del 10.0.0.7/24 dev nic0", "has no address"},
                    bad_command{"ip link set nic0 mtu 70000", "'70000' is no number from 0 to 65536"},
                    bad_command{"ip link set nic0", "up, down, mtu N"},
                    bad_command{"ip route add 10.5.0.1/24 via 10.0.0.2", "bits beyond its length"},
                    bad_command{"ip route add 10.5.0.0/24 via 172.16.0.1", "gateway 172.16.0.1 is not reachable"},
                    bad_command{"ip route add 10.5.0.0/24", "needs a gateway or a device"},
                    bad_command{"ip route add blackhole 10.5.0.0/24 via 10.0.0.2", "neither gateway nor device"},
                    bad_command{"ip route add 10.5.0.0/24 via 10.0.0.2 src 9.9.9.9", "no address of this host"},
                    bad_command{"ip route add 10.5.0.0/24 via 10.0.0.2 frobnicate", "'frobnicate' is not understood"},
                    bad_command{"ip route del 10.5.0.0/24", "no such route"},
                    bad_command{"ip route flush", "is missing at the end"},
                    bad_command{"ip route add 10.5.0.0/24 dev nic0 onlink", "onlink needs a gateway"},
                    bad_command{"ip route change 10.5.0.0/24 via 10.0.0.2", "no such route"},
                    bad_command{"ip route add 10.5.0.0/24 via 10.0.0.2 tos 03", "two lowest bits"},
                    bad_command{"ip rule add from 10.0.0.0/8 goto 5 pref 10", "only forward is allowed"},
                    bad_command{"ip rule add dport 80-70 table 5", "ends before it begins"},
                    bad_command{"ip rule add tos e0 table 5", "others take dscp"},
                    bad_command{"ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:01", "'dev DEVICE' is missing"},
                    bad_command{"ip neigh del 10.0.0.9 dev nic0", "has no neighbour"},
                    bad_command{"sysctl net.ipv4.fib_multipath_hash_policy=4", "0 to 3 is allowed"},
                    bad_command{"ip rule list", "add, del or flush is allowed"},
                    bad_command{"sysctl net.ipv4.tcp_early_demux", "KEY=VALUE"},
                    bad_command{"sysctl net.ipv4.tcp_early_demux=on", "'on' is no whole number"},
                    bad_command{"sysctl net.ipv4.nonsense=1", "known are ip_early_demux"},
                    bad_command{"sysctl net.ipv4.conf.nic0.nonsense=1", "known are forwarding"},
                    bad_command{"routes sequential from 20.0.0.0 count 0 plen 24 via 10.0.0.2", "number from 1"},
                    bad_command{"routes global count 2000000", "number from 1 to 1000000"},
                    bad_command{"routes random", "'sequential' or 'global' is allowed"}));

TEST_F(routing_command_test, SysctlSetsItsValue) {
    run("sysctl -w net.ipv4.tcp_early_demux=0");
    EXPECT_EQ(m_sysctls.tcp_early_demux, 0);
    run("sysctl net.ipv4.conf.nic0.rp_filter=2");
    EXPECT_EQ(device("nic0").ip.cnf.rp_filter, 2);
}

TEST_F(routing_command_test, DefaultConfReachesDevicesToCome) {
    run("sysctl net.ipv4.conf.default.rp_filter=1");
    EXPECT_EQ(add_device("nic1").ip.cnf.rp_filter, 1);
}

TEST_F(routing_command_test, RefusedRouteChangesNothing) {
    const auto before = m_routing.rt_genid();
    refused("ip route add 10.5.0.0/24 via 172.16.0.1");
    EXPECT_EQ(m_routing.rt_genid(), before);
}

TEST_F(routing_command_test, SequentialRoutesFollowOneAnother) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route del default");
    run("routes sequential from 20.0.0.0 count 3 plen 24 via 10.0.0.2");
    const auto forwarded = [&](const char* to) {
        return route("10.0.0.9", to) == 0 && routed().dst.input == dst_input::ip_forward;
    };
    EXPECT_TRUE(forwarded("20.0.0.9"));
    EXPECT_TRUE(forwarded("20.0.2.9"));
    EXPECT_FALSE(forwarded("20.0.3.9"));
}

TEST_F(routing_command_test, GlobalTableGoesThroughTheDefaultRoutesGateway) {
    const auto prefixes = [&] { return trie_collect_stats(*m_routing.fib_main()->trie).prefixes; };
    const auto before = prefixes();
    run("routes global count 500");
    EXPECT_EQ(prefixes(), before + 500);
    run("ip route del default");
    EXPECT_THAT(refused("routes global count 500"), testing::HasSubstr("there is no default route with a gateway"));
    run("ip route flush via 10.0.0.2");
    EXPECT_EQ(prefixes(), before - 1);
}

TEST_F(routing_command_test, LinkLocalRouteNeedsNoGateway) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 172.16.0.0/24 dev nic0");
    ASSERT_EQ(route("10.0.0.9", "172.16.0.5"), 0);
    EXPECT_EQ(routed().rt_uses_gateway, 0);
}

}  // namespace
}  // namespace rxpath
