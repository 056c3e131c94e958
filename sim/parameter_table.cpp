// The table itself. Each section in the order of a scenario file, sysctls last.
#include <cmath>

#include "sim/parameters.h"

namespace rxpath {

namespace {

using kind = value_kind;

std::uint32_t count_of(const value& v) { return static_cast<std::uint32_t>(v.count()); }
picoseconds duration_of(const value& v) { return {v.count()}; }

// clang-format off
// {name, kind, default, range, choices, source,
//  help,
//  where it goes}
const std::vector<parameter> run_parameters{
    {"run.packets", kind::integer, "0", {0, 1e12}, "", "choice",
     "Stop after so many received packets; 0: when the traffic ends.",
     [](host_spec& h, const value& v) { h.packets = v.count(); }},
    {"run.warmup_packets", kind::integer, "0", {0, 1e12}, "", "choice",
     "The first packets of the run that no statistic counts.",
     [](host_spec& h, const value& v) { h.warmup_packets = v.count(); }},
    {"run.seed", kind::integer, "1", {0, 9e15}, "", "choice",
     "Seed of all random numbers: initial sequence numbers, hash secrets.",
     [](host_spec& h, const value& v) { h.seed = v.count(); }},
    {"run.timing", kind::text, "exact", {}, "exact|fast", "choice",
     "Stages hand over by events, or a core keeps local time. The numbers are the same.",
     [](host_spec& h, const value& v) { h.timing = v.text == "fast" ? timing_mode::fast : timing_mode::exact; }},
};

const std::vector<parameter> host_parameters{
    {"host.memory", kind::size, "8GiB", {1 << 20, 1ull << 44}, "", "choice",
     "The kernel sizes the established table by it: a bucket for 128 KiB, from 512 to 524288.",
     [](host_spec& h, const value& v) { h.boot.memory_bytes = v.count(); }},
    {"host.thash_entries", kind::integer, "0", {0, 1 << 30}, "", "net/ipv4/tcp.c",
     "Buckets of the established table, rounded up to a power of two; 0: by the memory.",
     [](host_spec& h, const value& v) { h.boot.thash_entries = v.count(); }},
};

const std::vector<parameter> cpu_parameters{
    {"cpu.frequency", kind::frequency, "3GHz", {1e8, 1e10}, "", "assumed",
     "Clock of a core.",
     [](host_spec& h, const value& v) { h.cpu.frequency_ghz = v.number / 1e9; }},
    {"cpu.cycles_per_instruction", kind::real, "1.5", {0.1, 100}, "", "assumed",
     "Core cycles an instruction takes, cache misses included.",
     [](host_spec& h, const value& v) { h.cpu.cycles_per_instruction = v.number; }},
    {"cpu.irq", kind::core_cycles, "1000cycles", {0, 1e6}, "", "assumed",
     "A hard interrupt, from its entry to the softirq.",
     [](host_spec& h, const value& v) { h.cpu.irq_cycles = count_of(v); }},
    {"cpu.profile", kind::text, "", {}, "", "choice",
     "Instruction counts by function and step: a shipped profile's name, a file or a folder; empty: linux-6.12-x86_64.",
     [](host_spec& h, const value& v) { h.cpu.profile = v.text; }},
};

const std::vector<parameter> nic_parameters{
    {"nic.rate", kind::bit_rate, "10Gbit", {1e6, 1e12}, "", "choice",
     "Speed of the wire.",
     [](nic_spec& n, const value& v) { n.rate_bits_per_second = v.count(); }},
    {"nic.ring", kind::integer, "512", {1, 65536}, "", "assumed",
     "Receive descriptors.",
     [](nic_spec& n, const value& v) { n.ring = count_of(v); }},
    {"nic.dma_latency", kind::duration, "300ns", {0, 1e9}, "", "assumed",
     "From the last bit on the wire to the packet in memory.",
     [](nic_spec& n, const value& v) { n.dma_latency = duration_of(v); }},
    {"nic.interrupt_latency", kind::duration, "500ns", {0, 1e9}, "", "assumed",
     "From the packet in memory to the interrupt at the core.",
     [](nic_spec& n, const value& v) { n.interrupt_latency = duration_of(v); }},
    {"nic.interrupt_moderation", kind::duration, "0us", {0, 1e12}, "", "choice",
     "Least time between two interrupts; 0: off.",
     [](nic_spec& n, const value& v) { n.interrupt_moderation = duration_of(v); }},
    {"nic.napi", kind::boolean, "true", {}, "", "choice",
     "Frames enter through NAPI and GRO; false: through netif_receive_skb().",
     [](nic_spec& n, const value& v) { n.napi = v.number != 0; }},
    {"nic.checksum_offload", kind::boolean, "true", {}, "", "choice",
     "The NIC verifies TCP and UDP checksums (CHECKSUM_UNNECESSARY).",
     [](nic_spec& n, const value& v) { n.checksum_offload = v.number != 0; }},
};

const std::vector<parameter> software_parameters{
    {"napi.weight", kind::integer, "64", {1, 65535}, "", "include/linux/netdevice.h",
     "Packets a poll may take: NAPI_POLL_WEIGHT.",
     [](host_spec& h, const value& v) { h.napi.weight = count_of(v); }},
    {"napi.budget", kind::integer, "300", {1, 65535}, "", "net/core/hotdata.c",
     "Packets a softirq may take: net.core.netdev_budget.",
     [](host_spec& h, const value& v) { h.napi.budget = count_of(v); }},
    {"napi.gro_normal_batch", kind::integer, "8", {1, 65535}, "", "net/core/hotdata.c",
     "Packets that GRO hands to the stack as one list.",
     [](host_spec& h, const value& v) { h.napi.gro_normal_batch = count_of(v); }},
    {"application.wakeup", kind::core_cycles, "3000cycles", {0, 1e9}, "", "assumed",
     "From sock_def_readable() to the reader running.",
     [](host_spec& h, const value& v) { h.application.wakeup_cycles = count_of(v); }},
    {"application.read", kind::core_cycles, "1200cycles", {0, 1e9}, "", "assumed",
     "A read() of no bytes.",
     [](host_spec& h, const value& v) { h.application.read_cycles = count_of(v); }},
    {"application.copy_bytes_per_cycle", kind::real, "16", {0.01, 1024}, "", "assumed",
     "Bytes that a read() copies in a cycle.",
     [](host_spec& h, const value& v) { h.application.copy_bytes_per_cycle = v.number; }},
};

const std::vector<parameter> flow_parameters{
    {"flow.payload", kind::size, "100B", {0, 1472}, "", "choice",
     "Bytes after the TCP or UDP header; TCP at most 1460B.",
     [](flow_spec& f, const value& v) { f.payload = {v.count()}; }},
    {"flow.rate", kind::packet_rate, "200kpps", {0.001, 1e9}, "", "choice",
     "Packets a second of the flow, all its connections together.",
     [](flow_spec& f, const value& v) { f.interval = {static_cast<std::uint64_t>(std::llround(1e12 / v.number))}; }},
    {"flow.start", kind::duration, "0s", {0, 9e15}, "", "choice",
     "When its first packet leaves.",
     [](flow_spec& f, const value& v) { f.start = duration_of(v); }},
    {"flow.packets", kind::integer, "0", {0, 1e12}, "", "choice",
     "Data packets; 0: until the run has enough, a scan each port once.",
     [](flow_spec& f, const value& v) { f.packets = v.count(); }},
    {"flow.connections", kind::integer, "1", {1, 64511}, "", "choice",
     "Connections, from consecutive ports on, served round robin.",
     [](flow_spec& f, const value& v) { f.connections = count_of(v); }},
    {"flow.packets_per_connection", kind::integer, "0", {0, 1e9}, "", "choice",
     "Close and connect again after so many data packets; 0: never.",
     [](flow_spec& f, const value& v) { f.packets_per_connection = count_of(v); }},
    {"flow.close", kind::boolean, "false", {}, "", "choice",
     "Send FIN at the end.",
     [](flow_spec& f, const value& v) { f.close = v.number != 0; }},
    {"flow.server_closes", kind::boolean, "false", {}, "", "choice",
     "The host's application closes first, and its socket ends in TIME_WAIT.",
     [](flow_spec& f, const value& v) { f.server_closes = v.number != 0; }},
};

const std::vector<parameter> sysctl_parameters{
    {"net.ipv4.ip_forward", kind::integer, "0", {0, 1}, "", "net/ipv4/devinet.c",
     "Forward packets that are not for this host.",
     by_sysctl{}},
    {"net.ipv4.ip_early_demux", kind::integer, "1", {0, 1}, "", "net/ipv4/af_inet.c",
     "Look for a socket before routing.",
     by_sysctl{}},
    {"net.ipv4.tcp_early_demux", kind::integer, "1", {0, 1}, "", "net/ipv4/af_inet.c",
     "Early demux of TCP.",
     by_sysctl{}},
    {"net.ipv4.udp_early_demux", kind::integer, "1", {0, 1}, "", "net/ipv4/af_inet.c",
     "Early demux of UDP.",
     by_sysctl{}},
    {"net.ipv4.conf.DEVICE.rp_filter", kind::integer, "0", {0, 2}, "", "net/ipv4/devinet.c",
     "Reverse path check: 0 none, 1 strict, 2 loose. The larger of all and the device counts.",
     by_sysctl{}},
    {"net.ipv4.conf.DEVICE.forwarding", kind::integer, "0", {0, 1}, "", "net/ipv4/devinet.c",
     "Forward packets that arrive on the device.",
     by_sysctl{}},
    {"net.ipv4.conf.DEVICE.accept_local", kind::integer, "0", {0, 1}, "", "net/ipv4/devinet.c",
     "Accept packets from an address of this host.",
     by_sysctl{}},
    {"net.ipv4.conf.DEVICE.route_localnet", kind::integer, "0", {0, 1}, "", "net/ipv4/devinet.c",
     "Route 127.0.0.0/8 as any other prefix.",
     by_sysctl{}},
    {"net.ipv4.tcp_syncookies", kind::integer, "1", {0, 2}, "", "net/ipv4/tcp_ipv4.c",
     "SYN cookies when the SYN queue is full.",
     by_sysctl{}},
    {"net.ipv4.tcp_abort_on_overflow", kind::integer, "0", {0, 1}, "", "net/ipv4/sysctl_net_ipv4.c",
     "Reset when the accept queue is full.",
     by_sysctl{}},
    {"net.ipv4.tcp_rfc1337", kind::integer, "0", {0, 1}, "", "net/ipv4/sysctl_net_ipv4.c",
     "A RST does not end TIME_WAIT.",
     by_sysctl{}},
    {"net.ipv4.fib_multipath_hash_policy", kind::integer, "0", {0, 3}, "", "net/ipv4/sysctl_net_ipv4.c",
     "What a multipath route hashes: 0 addresses, 1 ports too.",
     by_sysctl{}},
};
// clang-format on

}  // namespace

const std::vector<parameter>& parameters() {
    static const std::vector<parameter> all = [] {
        std::vector<parameter> table;
        for (const auto* part : {&run_parameters, &host_parameters, &cpu_parameters, &nic_parameters,
                                 &software_parameters, &flow_parameters, &sysctl_parameters}) {
            table.insert(table.end(), part->begin(), part->end());
        }
        return table;
    }();
    return all;
}

}  // namespace rxpath
