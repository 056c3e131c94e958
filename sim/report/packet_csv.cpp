#include "sim/report/packet_csv.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace rxpath {

namespace {

std::string nanoseconds_since(picoseconds begin, const std::optional<picoseconds>& end) {
    return end ? fmt::format("{:.3f}", static_cast<double>((*end - begin).value) / 1000) : "";
}

std::string device_name(const measurements& measured, int ifindex) {
    const auto index = static_cast<std::size_t>(ifindex);
    return index < measured.devices.size() ? measured.devices[index] : "";
}

std::string row_of(const packet_record& packet, const measurements& measured) {
    const bool dropped = packet.outcome == packet_outcome::dropped;
    const auto all = packet.all();
    return fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", packet.number, nanoseconds_since({}, packet.arrival),
        nanoseconds_since(packet.arrival, packet.at_socket), nanoseconds_since(packet.arrival, packet.at_application),
        to_string(packet.outcome), dropped ? to_string(packet.reason) : "", to_string(packet.early_demux),
        to_string(packet.routed_by), device_name(measured, packet.arrived_on), device_name(measured, packet.left_by),
        packet.left_by != 0 ? packet.next_hop.to_string() : "", all.instructions, all.context_instructions, all.loads,
        all.stores, all.core_cycles, packet.number >= measured.first_measured ? "yes" : "no");
}

}  // namespace

void write_packet_csv(const measurements& measured, output_file& file) {
    file.write(
        "packet,arrival_ns,wire_to_socket_ns,wire_to_application_ns,outcome,drop_reason,early_demux,dst_from,"
        "arrived_on,left_by,next_hop,instructions,context_instructions,loads,stores,cycles,measured\n");
    for (const auto& each : measured.packets) file.write(row_of(each, measured));
}

}  // namespace rxpath
