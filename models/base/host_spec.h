// A checked, resolved description of what to simulate: one host, its traffic and what happens to it. sim/ makes it from
// a scenario file; models/ only reads it. Units are in the types; ranges are checked where it is made (sim/parameters).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/address.h"
#include "models/base/routing_features.h"
#include "models/base/sk_buff.h"
#include "models/base/units.h"

namespace rxpath {

// exact: each hand-over between stages is an event. fast: a core keeps local time and synchronises when another could
// notice.
enum class timing_mode : std::uint8_t { exact, fast };

// From what the kernel sizes its tables at boot.
struct boot_spec {
    std::uint64_t memory_bytes = std::uint64_t{8} << 30;
    std::uint64_t thash_entries = 0;  // buckets of the established table; 0: by memory
};

// One CPU core: its clock, its caches, what its kernel costs it.
// `model` and `numbers` are for make_core_preset() in models/cpu/core_preset.h.
struct cpu_spec {
    std::string model = "zen3";
    std::map<std::string, double, std::less<>> numbers;  // that are not the model's, by name: "l1d.size"
    bool mitigations = true;                             // of the kernel: what a return and an indirect call cost
    std::uint32_t irq_cycles = 1000;                     // hard interrupt, entry to softirq
    std::string profile;        // of the kernel: kernel_profile::load(); empty: the built-in one
    double assumed_cost = 1.0;  // factor on the profile's rows whose source is assumed
};

struct nic_spec {
    std::string name = "nic0";
    std::uint64_t rate_bits_per_second = 10'000'000'000;
    std::uint32_t sender_queue = 1000;  // frames that wait for the wire at its other end
    std::uint32_t ring = 512;           // descriptors
    picoseconds dma_latency = nanoseconds(300);
    picoseconds interrupt_latency = nanoseconds(500);
    picoseconds interrupt_moderation{};  // least time between two interrupts; 0: off
    bool napi = true;                    // false: frames enter through netif_receive_skb()
    bool checksum_offload = true;        // the NIC verifies TCP and UDP checksums
    bool dma = true;                     // false: the core itself writes frames to memory
};

struct wire_spec {
    picoseconds peer_latency = microseconds(10);  // from what the host sends to the peer's answer
};

struct napi_spec {
    std::uint32_t weight = 64;           // packets a poll, napi_struct::weight
    std::uint32_t budget = 300;          // packets a softirq, net.core.netdev_budget
    std::uint32_t gro_normal_batch = 8;  // packets handed to the stack as one list
};

struct application_spec {
    std::uint32_t wakeup_cycles = 3000;  // from sock_def_readable() to the reader running
    std::uint32_t read_cycles = 1200;    // a read() of no bytes
    double copy_bytes_per_cycle = 16.0;  // > 0
};

struct routing_spec {
    routing_features features;
    std::uint32_t global_table =
        0;  // after setup: so many routes as in the global table, by the default route's gateway
};

enum class transport : std::uint8_t { tcp, udp };

struct listen_spec {
    transport protocol = transport::tcp;
    endpoint local;
    std::string device;            // SO_BINDTODEVICE; empty: any
    std::optional<endpoint> peer;  // udp only: connect()
};

// How a flow begins and ends, and what it sends.
struct flow_spec {
    enum class kind : std::uint8_t { tcp, udp, syn_scan, raw_tcp };
    kind type = kind::tcp;  // tcp: handshake, data, close. syn_scan: SYNs to from-to ports. raw_tcp: ACKs without a
                            // connection (forwarding)
    endpoint from, to;
    std::uint32_t connections = 1;         // from.port, from.port + 1, ...
    std::uint32_t ports = 1;               // syn_scan: to.port, to.port + 1, ...
    std::uint32_t destinations = 1;        // not tcp: to.address and those that follow
    std::uint32_t destination_stride = 1;  // from one of them to the next
    byte_count payload{100};
    picoseconds interval = microseconds(10);  // between two packets of the flow; all connections round robin
    picoseconds start{};
    std::uint64_t packets = 0;                 // data packets; 0: until the run has enough, a scan each port once
    std::string device;                        // where it arrives; empty: the device that owns or routes to `from`
    std::vector<std::string> devices;          // several: packets alternate over them
    bool close = false;                        // FIN at the end
    std::uint32_t packets_per_connection = 0;  // tcp: close and connect again after so many; 0: never
    // tcp: the host's application closes first, and its socket ends in TIME_WAIT: after packets_per_connection packets
    // of a connection, and all of them after the flow's packets.
    bool server_closes = false;

    // It goes on until the run ends.
    bool is_endless() const { return packets == 0 && type != kind::syn_scan; }
};

// One frame of a capture: `packet` as received, or, when `sent`, as the recorded host sent it.
struct capture_frame {
    picoseconds time;
    bool sent = false;
    packet frame;
};

struct replay_spec {
    std::string device;
    ipv4_address local;
    std::vector<capture_frame> frames;
};

struct timed_command {
    picoseconds time;
    std::string command;  // see models/command/host_command.h
};

struct host_spec {
    timing_mode timing = timing_mode::exact;
    // The warm-up ends with so many packets received, or at that time; then measuring begins.
    std::uint64_t warmup_packets = 0;
    picoseconds warmup{};
    // The run ends after so many packets on the wires, those of the warm-up included, or when so long was measured.
    // Neither: when the traffic ends.
    std::uint64_t packets = 0;
    picoseconds duration{};
    std::uint64_t seed = 1;
    boot_spec boot;
    cpu_spec cpu;
    wire_spec wire;
    napi_spec napi;
    application_spec application;
    routing_spec routing;
    std::vector<nic_spec> nics;
    std::vector<std::string> setup;  // commands, in order, before time 0
    std::vector<listen_spec> listeners;
    std::vector<flow_spec> flows;
    std::vector<replay_spec> replays;
    std::vector<timed_command> at;
    bool keep_packet_records = false;  // for --out and explain
    bool keep_fates = false;           // for compare: measurements::fates
    std::uint64_t explain_packet = 0;  // keep this packet's call tree and reasons; 0: none
};

}  // namespace rxpath
