// The settings of a real machine: `sysctl -a` of Linux 6.12, net.ipv4 and net.core, with the kernel's defaults.
#include <fstream>

#include "models/base/sysctl_names.h"
#include "models/base/sysctl_table.h"
#include "routing_fixture.h"

namespace rxpath {
namespace {

class sysctl_command : public routing_fixture {
protected:
    static std::vector<std::string> listing() {
        std::ifstream file(SYSCTL_LISTING);
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        return lines;
    }
};

TEST_F(sysctl_command, EveryLineOfARealMachineIsTaken) {
    const auto lines = listing();
    ASSERT_GT(lines.size(), 300u);
    for (const auto& line : lines) EXPECT_EQ(refused("sysctl " + line), "accepted") << line;
}

TEST_F(sysctl_command, DefaultsOfTheKernelChangeNothing) {
    sysctl_ipv4 fresh;
    for (const auto& line : listing()) refused("sysctl " + line);
    for (const auto* name : {"ip_early_demux", "fib_multipath_hash_fields", "icmp_ratemask", "tcp_adv_win_scale",
                             "route.min_pmtu", "route.redirect_silence", "ipfrag_high_thresh"})
        EXPECT_EQ(*find_sysctl(m_sysctls, name), *find_sysctl(fresh, name)) << name;
    for (const auto* name : {"rp_filter", "send_redirects", "accept_redirects", "secure_redirects", "shared_media"})
        EXPECT_EQ(*find_devconf(m_sysctls.devconf_all, name), *find_devconf(fresh.devconf_all, name)) << name;
    EXPECT_EQ(m_sysctls.tcp_rmem_default, fresh.tcp_rmem_default);
    EXPECT_EQ(m_sysctls.tcp_rmem_max, fresh.tcp_rmem_max);
    EXPECT_EQ(m_sysctls.rmem_max, fresh.rmem_max);
}

struct refused_setting {
    const char* setting;
    const char* says;
};
class RefusedSetting : public routing_fixture, public testing::WithParamInterface<refused_setting> {};

TEST_P(RefusedSetting, IsNamedWithTheReason) {
    EXPECT_THAT(refused(std::string("sysctl ") + GetParam().setting), testing::HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedSetting,
    testing::Values(refused_setting{"net.core.rps_sock_flow_entries=32768", "found 32768, allowed: 0, because RFS"},
                    refused_setting{"net.ipv4.tcp_shrink_window=1", "allowed: 0"},
                    refused_setting{"net.ipv4.tcp_max_tw_buckets=100", "allowed: >=4096"},
                    refused_setting{"net.ipv4.tcp_mem=10 20 30", "allowed: >=4096"},
                    refused_setting{"net.ipv4.conf.nic0.disable_policy=1", "no IPsec policies"},
                    refused_setting{"net.ipv4.conf.eth7.arp_filter=1", "devices are"},
                    refused_setting{"net.ipv4.neigh.eth7.gc_stale_time=1", "devices are"},
                    refused_setting{"net.ipv4.neigh.nic0.unres_qlen=-1", "0 to"},
                    refused_setting{"net.ipv4.tcp_rmem=1 2 3 4", "up to 3 numbers"},
                    refused_setting{"net.ipv4.tcp_rmem=", "up to 3 numbers"},
                    refused_setting{"net.ipv4.tcp_rmem=a", "no whole number"},
                    refused_setting{"net.ipv4.tcp_nonsense=1", "there is no setting net.ipv4.tcp_nonsense"},
                    refused_setting{"net.ipv4.tcp_sack", "KEY=VALUE"}));

TEST_F(sysctl_command, SeveralNumbersSetTheFirstOrAll) {
    run("sysctl net.ipv4.tcp_rmem=4096 65536");
    EXPECT_EQ(m_sysctls.tcp_rmem_default, 65536);
    EXPECT_EQ(m_sysctls.tcp_rmem_max, sysctl_ipv4{}.tcp_rmem_max);
    run("sysctl -w net.ipv4.tcp_rmem=\"4096\t87380\t1000000\"");
    EXPECT_EQ(m_sysctls.tcp_rmem_default, 87380);
    EXPECT_EQ(m_sysctls.tcp_rmem_max, 1000000);
}

TEST_F(sysctl_command, KeyMayBeAPath) {
    run("sysctl net/ipv4/conf/nic0/rp_filter = 1");
    EXPECT_EQ(device("nic0").ip.cnf.rp_filter, 1);
}

TEST_F(sysctl_command, QueueLimitInFramesIsBytesOfMemory) {
    run("sysctl net.ipv4.neigh.default.unres_qlen=2");
    EXPECT_EQ(m_routing.neighbours().queue_limit(device("nic0")), 2 * 2304);
    run("sysctl net.ipv4.neigh.nic0.unres_qlen_bytes=1000");
    EXPECT_EQ(m_routing.neighbours().queue_limit(device("nic0")), 1000);
    EXPECT_EQ(m_routing.neighbours().queue_limit(device("lo")), 2 * 2304);
}

TEST(SysctlTable, EveryRowHasAReason) {
    for (const auto& row : unmodelled_sysctls()) {
        EXPECT_FALSE(row.reason.empty()) << row.pattern;
        EXPECT_FALSE(row.values.empty()) << row.pattern;
    }
}

TEST(SysctlTable, StarStandsForADeviceWithDots) {
    ASSERT_NE(find_unmodelled_sysctl("net.ipv4.conf.eth0.100.arp_filter"), nullptr);
    EXPECT_EQ(find_unmodelled_sysctl("net.ipv4.conf.eth0.100.arp_filter")->pattern, "net.ipv4.conf.*.arp_*");
    EXPECT_EQ(find_unmodelled_sysctl("net.ipv4"), nullptr);
}

}  // namespace
}  // namespace rxpath
