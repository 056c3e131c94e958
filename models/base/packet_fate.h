// What became of a packet, and in what company: variants of a host compare only between packets of equal fate. A packet
// that shares its poll, finds its socket's queue filled or is dropped early costs another number of cycles, whatever
// gave it its dst.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>

#include "models/base/cycle_cause.h"
#include "models/base/drop_reason.h"
#include "models/base/kernel_function.h"
#include "models/base/packet_outcome.h"
#include "models/base/stage.h"

namespace rxpath {

// Of the packets that one run of the softirq took.
enum class place_in_run : std::uint8_t { alone, first, later };

constexpr std::string_view to_string(place_in_run place) {
    constexpr std::string_view names[] = {"alone", "first", "later"};
    return names[static_cast<std::size_t>(place)];
}

struct packet_fate {
    packet_outcome outcome = packet_outcome::consumed;
    drop_reason reason = drop_reason::NOT_DROPPED_YET;
    place_in_run place = place_in_run::alone;
    std::uint32_t called = 0;  // bit i: fate_functions[i]

    friend bool operator<(const packet_fate& a, const packet_fate& b) {
        return std::tie(a.outcome, a.reason, a.place, a.called) < std::tie(b.outcome, b.reason, b.place, b.called);
    }
};

// Sums over packets, each with its share of what its run did for all.
struct path_work {
    double instructions = 0, context_instructions = 0;  // as in struct work
    double cycles = 0;
    cycles_by_cause why{};
};
struct path_function {
    double instructions = 0, cycles = 0;
};

// What the packets of one fate cost in the stages that is_on_path() names.
struct fate_account {
    std::uint64_t packets = 0;
    std::array<path_work, stage_count> stages{};
    std::array<path_function, function_count> functions{};
};
using fate_accounts = std::map<packet_fate, fate_account>;

// Where a dst is looked for and used: from IP to the socket. What is before does not know of it, and depends on how
// many packets a poll finds; what is after is the application's.
constexpr bool is_on_path(stage s) { return s >= stage::ip_receive && s <= stage::socket_layer; }

}  // namespace rxpath
