// ICMP types and codes (include/uapi/linux/icmp.h).
#pragma once

#include <cstdint>

namespace rxpath {

constexpr std::uint8_t icmp_echoreply = 0, icmp_dest_unreach = 3, icmp_source_quench = 4, icmp_redirect_type = 5,
                       icmp_echo = 8, icmp_time_exceeded = 11, icmp_parameterprob = 12, icmp_timestamp = 13,
                       icmp_timestampreply = 14, icmp_address = 17, icmp_addressreply = 18, icmp_ext_echo = 42,
                       icmp_ext_echoreply = 43;
constexpr std::uint8_t nr_icmp_types = 18;    // NR_ICMP_TYPES: the highest that is known, but for extended echo
constexpr std::uint8_t nr_icmp_unreach = 15;  // NR_ICMP_UNREACH: the highest code of destination unreachable

// Codes of destination unreachable, of time exceeded, of a redirect.
constexpr std::uint8_t icmp_net_unreach = 0, icmp_host_unreach = 1, icmp_prot_unreach = 2, icmp_port_unreach = 3,
                       icmp_frag_needed = 4, icmp_sr_failed = 5, icmp_pkt_filtered = 13;
constexpr std::uint8_t icmp_exc_ttl = 0, icmp_exc_fragtime = 1;
constexpr std::uint8_t icmp_redir_host = 1;

constexpr std::uint32_t icmp_header_size = 8;

// Does this type report an error (icmp_pointers[].error)?
constexpr bool is_icmp_error(std::uint8_t type) { return (type >= 1 && type <= 7) || (type >= 9 && type <= 12); }

struct icmp_error {
    std::uint8_t type = icmp_dest_unreach;
    std::uint8_t code = 0;
    std::uint32_t info = 0;  // the second word of the header: MTU, gateway, pointer
};

}  // namespace rxpath
