// The host's configuration in the words people know: `ip` and `sysctl` commands as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/base/net_device.h"
#include "models/command/command_words.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

// Does what the command says, or answers why not (what was found, what is allowed); then nothing has changed.
// Understood:
//   ip addr add|change|replace|del A[/L] [peer P] dev D [broadcast A|+|-] [scope S] [metric M] [noprefixroute]
//   ip addr flush dev D [scope S]
//   ip link set [dev] D [up|down] [mtu N] [group G] [carrier on|off]
//   ip route add|append|prepend|replace|change|del [TYPE] PREFIX [via A] [dev D] [onlink] [table T] [metric M] [tos T]
//   [src A]
//            [scope S] [proto P] [mtu [lock] N] [advmss [lock] N]... [nexthop via A [dev D] [weight W] [onlink]]...
//   ip route flush [table T|all] [dev D] [via A] [proto P] [type T] [scope S] [metric M] [tos T] [[root|match|exact]
//   PREFIX] ip route flush cache ip rule add|del [from P] [to P] [iif D] [oif D] [fwmark M[/MASK]] [tos T] [pref N]
//   table T|blackhole|unreachable|prohibit ip neigh add|change|replace|del A [lladdr L] dev D [nud STATE] sysctl
//   KEY=VALUE          of net.ipv4 and net.core, or one that has no effect here (models/base/sysctl_table.h)
//   routes sequential from A count N plen L via G
//   routes global count N       prefixes as in the global table, by the default route's gateway
// `now` matters to `carrier`, of which routes may hear later (linkwatch.h).
std::optional<std::string> apply_ip_command(ipv4_routing& routing, device_list& devices, std::string_view command,
                                            picoseconds now = {});

// The parts of apply_ip_command() that have files of their own. They throw command_error.
void apply_addr_command(ipv4_routing& routing, command_words& words);
void apply_route_command(ipv4_routing& routing, command_words& words);
void apply_routes_command(ipv4_routing& routing, command_words& words);
void apply_neigh_command(ipv4_routing& routing, command_words& words);
void apply_rule_command(ipv4_routing& routing, command_words& words);
void apply_sysctl(ipv4_routing& routing, std::string_view key, std::string_view value);

// "main", "local", "default" or a number.
std::uint32_t parse_table(command_words& words);
// "kernel", "boot", "static" or a number.
route_protocol parse_route_protocol(command_words& words);
// A TOS whose bits are hexadecimal, as iproute2 reads it with or without 0x.
std::uint8_t parse_tos(command_words& words);
// "global", "link", "host" or a number.
route_scope parse_scope(command_words& words);
// Throws when there is an error.
void must(const configuration_error& error);

}  // namespace rxpath
