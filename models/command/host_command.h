// The commands that change a host while it runs or before: `ip ...`, `sysctl KEY=VALUE`, and
// `join GROUP dev DEVICE`, `leave GROUP dev DEVICE`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/ip/network_namespace.h"

namespace rxpath {

// Applies a command at the time `now`. Answers what is wrong with it (what was found, what is allowed), or nothing.
std::optional<std::string> apply_host_command(network_namespace& net, std::string_view command, picoseconds now = {});

// The command that adds so many routes of a global table: routing_spec::global_table.
std::string global_table_command(std::uint32_t routes);

}  // namespace rxpath
