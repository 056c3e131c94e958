#include "sim/packet_csv.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace rxpath {

namespace {

std::string nanoseconds_since(picoseconds begin, const std::optional<picoseconds>& end) {
    return end ? fmt::format("{:.3f}", static_cast<double>((*end - begin).value) / 1000) : "";
}

}  // namespace

void write_packet_csv(const measurements& measured, output_file& file) {
    file.write(
        "packet,arrival_ns,wire_to_socket_ns,wire_to_application_ns,outcome,drop_reason,early_demux,dst_from,"
        "instructions,context_instructions,loads,stores,cycles,measured\n");
    for (const auto& each : measured.packets) {
        const bool dropped = each.outcome == packet_outcome::dropped;
        file.write(fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", each.number,
                               nanoseconds_since({}, each.arrival), nanoseconds_since(each.arrival, each.at_socket),
                               nanoseconds_since(each.arrival, each.at_application), to_string(each.outcome),
                               dropped ? to_string(each.reason) : "", to_string(each.early_demux),
                               to_string(each.routed_by), each.done.instructions, each.done.context_instructions,
                               each.done.loads, each.done.stores, each.done.core_cycles,
                               each.number >= measured.first_measured ? "yes" : "no"));
    }
}

}  // namespace rxpath
