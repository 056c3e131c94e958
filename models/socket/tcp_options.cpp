#include "models/socket/tcp_options.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr std::uint8_t tcpopt_eol = 0, tcpopt_nop = 1, tcpopt_mss = 2, tcpopt_window = 3, tcpopt_sack_perm = 4,
                       tcpopt_sack = 5, tcpopt_timestamp = 8;
constexpr std::size_t sack_block_size = 8, timestamp_size = 8;  // bytes of the options' values
constexpr std::uint8_t tcp_max_wscale = 14;

// Calls take(kind, value bytes, their number) for each well-formed option with a length.
template <class Take>
void for_each_option(const sk_buff& skb, Take take) {
    const auto bytes = skb.linear_bytes();
    const std::size_t end = std::min<std::size_t>(bytes.size, skb.transport_header + skb.tcp_hdr().doff() * 4u);
    for (std::size_t at = skb.transport_header + tcp_header_view::size; at < end;) {
        const auto kind = bytes.data[at];
        if (kind == tcpopt_eol) return;
        if (kind == tcpopt_nop) {
            ++at;
            continue;
        }
        if (at + 1 >= end) return;
        const std::size_t length = bytes.data[at + 1];
        if (length < 2 || at + length > end) return;
        take(kind, bytes.data + at + 2, length - 2);
        at += length;
    }
}

void take_timestamps(tcp_options_received& options, const std::uint8_t* value) {
    options.saw_tstamp = true;
    options.rcv_tsval = load_be32(value);
    options.rcv_tsecr = load_be32(value + 4);
}

}  // namespace

tcp_options_received parse_syn_options(const sk_buff& skb, const sysctl_ipv4& sysctls) {
    tcp_options_received options;
    for_each_option(skb, [&](std::uint8_t kind, const std::uint8_t* value, std::size_t size) {
        if (kind == tcpopt_mss && size == 2 && load_be16(value) != 0) options.mss = load_be16(value);
        if (kind == tcpopt_window && size == 1 && sysctls.tcp_window_scaling != 0) {
            options.wscale_ok = true;
            options.snd_wscale = std::min(value[0], tcp_max_wscale);
        }
        if (kind == tcpopt_sack_perm && size == 0 && sysctls.tcp_sack != 0) options.sack_ok = true;
        if (kind == tcpopt_timestamp && size == timestamp_size && sysctls.tcp_timestamps != 0) {
            take_timestamps(options, value);
            options.tstamp_ok = true;
            options.ts_recent = options.rcv_tsval;
        }
    });
    return options;
}

void parse_timestamps(const sk_buff& skb, tcp_options_received& options) {
    options.saw_tstamp = false;
    for_each_option(skb, [&](std::uint8_t kind, const std::uint8_t* value, std::size_t size) {
        if (kind == tcpopt_timestamp && size == timestamp_size) take_timestamps(options, value);
    });
}

bool tcp_parse_aligned_timestamp(const sk_buff& skb, tcp_options_received& options) {
    constexpr std::uint32_t two_no_operations_and_timestamp = 0x0101080a;
    const auto* option = skb.linear_bytes().data + skb.transport_header + tcp_header_view::size;
    if (load_be32(option) != two_no_operations_and_timestamp) return false;
    take_timestamps(options, option + 4);
    return true;
}

bool tcp_fast_parse_options(const sk_buff& skb, tcp_options_received& options) {
    options.saw_tstamp = false;
    if (skb.tcp_hdr().doff() * 4u == tcp_header_view::size) return false;
    if (options.tstamp_ok) parse_timestamps(skb, options);
    return true;
}

bool carries_sack_blocks(const sk_buff& skb) {
    bool found = false;
    for_each_option(skb, [&](std::uint8_t kind, const std::uint8_t* /*value*/, std::size_t size) {
        found |= kind == tcpopt_sack && size >= sack_block_size && size % sack_block_size == 0;
    });
    return found;
}

bool tcp_paws_check(const tcp_options_received& options, std::int32_t window) {
    return static_cast<std::int32_t>(options.ts_recent - options.rcv_tsval) <= window || options.ts_recent == 0;
}

}  // namespace rxpath
