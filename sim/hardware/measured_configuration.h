// A host whose saving is measured on hardware (tools/measure) and predicted (rxpath validate): one table of what makes
// a configuration, and the commands that set such a host up. The measuring tool gives them to the kernel, validate to
// the model.
//
// The host has one NIC with NAPI and the address 10.0.0.1/24; 10.0.0.2 sends it the segments of established
// connections, round robin.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/address.h"

namespace rxpath {

struct measured_configuration {
    std::uint32_t routes = 0;     // in main, beside the connected one: /24s that no packet needs
    std::uint32_t rules = 0;      // before main's, none of which matches
    std::uint32_t rp_filter = 0;  // of the NIC: 0 none, 1 strict, 2 loose
    std::uint32_t flows = 1;      // established connections
    std::uint32_t payload = 100;  // bytes a segment; 0: pure ACKs
    std::uint32_t ack_only = 0;   // 1: segments are pure ACKs, whatever `payload` says
};
bool operator==(const measured_configuration& a, const measured_configuration& b);

// A number that makes a configuration, under the name that its column has in a file of measurements.
struct configuration_column {
    std::string_view name;
    std::uint32_t measured_configuration::*value;
    std::uint32_t least, most;
};
const std::vector<configuration_column>& configuration_columns();

// "routes=1000,flows=16", what is not named as in a measured_configuration of its own. Throws input_error.
measured_configuration parse_configuration(std::string_view text);
// What differs from a measured_configuration of its own: "rules=8 flows=16"; "base" when nothing does.
std::string to_string(const measured_configuration& configuration);

// Segments that each connection carries before anything counts: at least 20, since its first 16 are acknowledged at
// once (TCP_MAX_QUICKACKS, include/net/tcp.h), and 20,000 in all, since large ones are again while the receive window
// grows. Later ones are acknowledged when the application has read them.
std::uint32_t rounds_before_measuring(const measured_configuration& configuration);

// The ends of connection number `flow`, which begins at 0.
constexpr endpoint measured_server{{0x0a000001}, {80}};
endpoint measured_client(std::uint32_t flow);

// "ip ..." and "sysctl KEY=VALUE", in order, for a device that is up.
std::vector<std::string> setup_commands(const measured_configuration& configuration, std::string_view device);

}  // namespace rxpath
