// What a kernel sizes by the host's memory at boot.
#include "socket_fixture.h"

namespace rxpath {
namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

int syn_backlog_with(std::uint64_t memory_bytes) {
    sysctl_ipv4 sysctls;
    const inet_sockets sockets{nullptr, sysctls, thash_entries_for(memory_bytes)};
    return sysctls.tcp_max_syn_backlog;
}

// The recorded host had 3 GiB, and 256.
TEST(socket_limits, SynBacklogIsABucketIn128OfTheEstablishedTable) {
    EXPECT_EQ(syn_backlog_with(3 * gibibyte), 256);
    EXPECT_EQ(syn_backlog_with(8 * gibibyte), 512);
    EXPECT_EQ(syn_backlog_with(64 * gibibyte), 4096);
    EXPECT_EQ(syn_backlog_with(gibibyte), 128);  // at least that
    EXPECT_EQ(syn_backlog_with(gibibyte / 4), 128);
}

TEST(socket_limits, ReceiveBufferGrowsToA128thOfTheMemory) {
    EXPECT_EQ(tcp_rmem_max_for(8 * gibibyte), 6 << 20);
    EXPECT_EQ(tcp_rmem_max_for(gibibyte / 2), 4 << 20);
    EXPECT_EQ(tcp_rmem_max_for(gibibyte / 256), 128 << 10);
}

}  // namespace
}  // namespace rxpath
