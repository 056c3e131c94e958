// Whole hosts: what the socket's cached dst does for a connection.
#include "simulated_host.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

// The SYN meets no socket, the ACK of the handshake a request; every segment after them reuses the dst.
TEST(host, AllButTheHandshakeReuseTheSocketsDst) {
    const auto result = measure(make_tcp_host(1000));
    EXPECT_EQ(result.packets_received, 1000u);
    EXPECT_EQ(count(result, early_demux_outcome::no_socket), 1u);
    EXPECT_EQ(count(result, early_demux_outcome::no_full_socket), 1u);
    EXPECT_EQ(count(result, early_demux_outcome::dst_reused), 998u);
    EXPECT_EQ(count(result, route_source::early_demux), 998u);
    EXPECT_EQ(result.connections_established, 1u);
}

TEST(host, WithoutEarlyDemuxEveryPacketIsLookedUp) {
    auto spec = make_tcp_host(1000);
    spec.setup.emplace_back("sysctl net.ipv4.tcp_early_demux=0");
    const auto result = measure(spec);
    EXPECT_EQ(count(result, early_demux_outcome::protocol_off), 1000u);
    EXPECT_EQ(calls_of(result, fn::tcp_v4_early_demux), 0u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 998u);
    EXPECT_EQ(count(result, route_source::early_demux), 0u);
}

TEST(host, RouteChangeMakesExactlyOneSlowPacket) {
    auto spec = make_tcp_host(1000);
    spec.at.push_back({milliseconds(10), "ip route add 192.0.2.0/24 via 10.0.0.2"});
    const auto result = measure(spec);
    EXPECT_EQ(count(result, early_demux_outcome::rx_dst_obsolete), 1u);
    EXPECT_EQ(count(result, early_demux_outcome::dst_reused), 997u);
    EXPECT_EQ(count(result, route_source::allocated), 2u);  // of the SYN, and of that packet
    EXPECT_EQ(count(result, packet_outcome::dropped), 0u);
}

TEST(host, SegmentsOfAnotherInterfaceAreLookedUp) {
    auto spec = make_tcp_host(1000);
    spec.nics.emplace_back().name = "nic1";
    spec.flows[0].devices = {"nic0", "nic1"};
    const auto result = measure(spec);
    EXPECT_GT(count(result, early_demux_outcome::other_interface), 900u);  // each segment comes in by the other one
    EXPECT_EQ(count(result, early_demux_outcome::rx_dst_obsolete), 0u);
}

TEST(host, ApplicationReadsEveryPacketAfterTheSocketHasIt) {
    auto spec = make_tcp_host(200);
    spec.keep_packet_records = true;
    const auto result = measure(spec);
    std::uint64_t read = 0;
    for (const auto& packet : result.packets) {
        if (packet.outcome != packet_outcome::delivered) continue;
        ASSERT_TRUE(packet.at_socket && packet.at_application) << packet.number;
        EXPECT_LT(packet.arrival, *packet.at_socket);
        EXPECT_LT(*packet.at_socket, *packet.at_application);
        ++read;
    }
    EXPECT_EQ(read, 198u);
}

// Each instruction and each cycle of a run is some packet's: its own, or its share.
measurements expect_packets_hold_all_work(host_spec spec) {
    spec.keep_packet_records = true;
    const auto result = measure(spec);
    packet_work of_packets;
    work of_stages;
    for (const auto& packet : result.packets) of_packets += packet.all();
    for (const auto& stage : result.stages) of_stages += stage;
    EXPECT_EQ(of_packets.instructions, of_stages.instructions);
    EXPECT_EQ(of_packets.context_instructions, of_stages.context_instructions);
    EXPECT_EQ(of_packets.loads, of_stages.loads);
    EXPECT_EQ(of_packets.stores, of_stages.stores);
    EXPECT_EQ(of_packets.core_cycles, of_stages.core_cycles);
    return result;
}

TEST(host, PacketsShareAllTheWorkWhenEachHasASoftirq) { expect_packets_hold_all_work(make_tcp_host(200)); }

TEST(host, PacketsShareAllTheWorkOfTheirSoftirqs) {
    auto spec = make_tcp_host(200);
    spec.flows[0].interval = microseconds(1);  // less than a packet takes: several are in a softirq
    EXPECT_LT(expect_packets_hold_all_work(spec).polls, 100u);
}

TEST(host, PacketsShareAllTheWorkOfConnectionsThatTheServerCloses) {
    auto spec = make_tcp_host(200);
    spec.flows[0].packets_per_connection = 5;
    spec.flows[0].server_closes = true;
    EXPECT_GT(expect_packets_hold_all_work(spec).connections_established, 10u);
}

// Two SYNs of one client, with nothing between them that keeps the host's timers awake.
host_spec two_syns(picoseconds apart) {
    auto spec = make_tcp_host(2);
    spec.flows[0].type = flow_spec::kind::syn_scan;
    spec.flows[0].packets = 2;
    spec.flows[0].interval = apart;
    return spec;
}

// A request socket lives 63 seconds (tcp_synack_retries).
TEST(host, TimersFireThoughNothingElseHappens) {
    EXPECT_EQ(calls_of(measure(two_syns(milliseconds(64'000))), fn::tcp_conn_request), 2u);
}

TEST(host, TimersFireNoSoonerThoughNothingElseHappens) {
    EXPECT_EQ(calls_of(measure(two_syns(milliseconds(62'000))), fn::tcp_conn_request), 1u);
}

TEST(host, CommandThatFailsIsRefused) {
    auto spec = make_host();
    spec.setup.emplace_back("ip route add nonsense");
    EXPECT_THROW(host{spec}, std::invalid_argument);
}

}  // namespace
}  // namespace rxpath
