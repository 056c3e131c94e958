// What one variant saves against another on the receive path, from IP to the socket, between packets of equal fate.
//
// Under load variants differ in more than what is compared: how many packets share a poll, whether the reader has
// emptied the queue, what is dropped. So packets are grouped by fate (models/base/packet_fate.h); in each group the
// averages are compared, and the groups are weighed alike for both variants: by as many packets as both have in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sim/result/run_result.h"

namespace rxpath {

// Of a packet, on average.
struct path_cost {
    double instructions = 0, context_instructions = 0, cycles = 0;
};

struct path_costs {
    path_cost all;
    std::map<std::string, path_cost, std::less<>> by_stage;
    std::map<std::string, double, std::less<>> cycles_by_cause;
    std::map<std::string, path_cost, std::less<>> by_function;  // `instructions`: of either kind
};

// The part of a path's costs that a statistic of a run names: "cycles_per_packet", "stage.routing.ns_per_packet",
// "cause.code.cycles_per_packet". Nothing for one that is not of the path.
std::optional<double> path_statistic(const path_costs& costs, std::string_view statistic, double frequency_ghz);

struct path_saving {
    path_costs first, last;
    double packets = 0;  // compared of each variant
    double share = 0;    // of those of the variant that received more
    // Packets by "delivered", "forwarded", "consumed", "dropped: REASON".
    std::map<std::string, double> first_fates, last_fates;

    // More than 1 in 100 packets has another fate in one variant than in the other, or none has the same: there is no
    // saving to speak of. A handshake, or a packet in flight when a route changed, are less.
    bool fates_differ() const;
    double cycles() const { return last.all.cycles - first.all.cycles; }
};

// Of the "fates" of two results.
path_saving path_saving_of(const json& first, const json& last);

}  // namespace rxpath
