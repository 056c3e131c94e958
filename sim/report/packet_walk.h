// One packet's way through the stack as plain data: its own calls, its shares of those that several packets had in
// common, and the fixed amounts. What they sum up to is what packets.csv says of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"
#include "sim/result/run_result.h"

namespace rxpath {

struct walk_step {
    std::string name;
    std::uint64_t times = 1;
};

struct walk_call {
    std::string function;
    std::string stage;
    std::uint64_t depth = 0;
    std::uint64_t packets = 1;      // that share it; 1: it is the packet's own, 0: another's, and only leads to its own
    std::uint64_t packet = 0;       // whose it is then
    std::int64_t instructions = 0;  // the packet's share
    std::int64_t with_callees = 0;  // the same, of those that are shown below it too
    double cycles = 0;              // the packet's share, without callees
    std::vector<walk_step> steps;   // of the whole call
    std::vector<std::string> reasons;
};

// A softirq run, or a task in the kernel (recv(), close(), a timer) that was the packet's.
struct walk_part {
    std::vector<walk_call> calls;
    std::uint64_t cycles = 0;  // whole ones, as they were waited for
    std::uint64_t others = 0;  // other packets whose calls are left out
    std::uint64_t others_calls = 0;

    bool is_task() const { return calls.empty() || calls.front().stage == "application"; }
    double cycles_of_calls() const;
};

struct walk_fixed_cost {
    std::string what;  // to_string(fixed_cost)
    std::uint64_t cycles = 0, packets = 1, share = 0;
};

struct packet_walk {
    std::uint64_t packet = 0;
    std::string outcome, drop_reason;  // empty: it was not dropped
    std::string early_demux, dst_from;
    std::string arrived_on, left_by, next_hop;  // the last two are empty unless it was forwarded
    double arrival_ns = 0;
    std::optional<double> to_socket_ns, to_application_ns;
    std::uint64_t instructions = 0, context_instructions = 0, cycles = 0;  // sums
    double ns = 0;
    std::vector<walk_part> parts;
    std::vector<walk_fixed_cost> fixed;
};

// The walk of spec.explain_packet, of which `record` is.
packet_walk walk_of(const measurements& measured, const packet_record& record, const cpu_spec& cpu);

json to_json(const packet_walk& walk);
// What to_json() made.
packet_walk packet_walk_of(const json& document);

}  // namespace rxpath
