#include "models/socket/tcp_options.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr std::uint8_t tcpopt_eol = 0, tcpopt_nop = 1, tcpopt_mss = 2, tcpopt_window = 3, tcpopt_sack_perm = 4,
                       tcpopt_timestamp = 8;
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

}  // namespace

tcp_options_received parse_syn_options(const sk_buff& skb) {
    tcp_options_received options;
    for_each_option(skb, [&](std::uint8_t kind, const std::uint8_t* value, std::size_t size) {
        if (kind == tcpopt_mss && size == 2) options.mss = load_be16(value);
        if (kind == tcpopt_window && size == 1) {
            options.wscale_ok = true;
            options.snd_wscale = std::min(value[0], tcp_max_wscale);
        }
        if (kind == tcpopt_sack_perm && size == 0) options.sack_ok = true;
        if (kind == tcpopt_timestamp && size == 8) {
            options.tstamp_ok = options.saw_tstamp = true;
            options.ts_recent = options.rcv_tsval = load_be32(value);
        }
    });
    return options;
}

void parse_timestamps(const sk_buff& skb, tcp_options_received& options) {
    options.saw_tstamp = false;
    if (skb.tcp_hdr().doff() * 4u == tcp_header_view::size) return;
    for_each_option(skb, [&](std::uint8_t kind, const std::uint8_t* value, std::size_t size) {
        if (kind != tcpopt_timestamp || size != 8) return;
        options.saw_tstamp = true;
        options.rcv_tsval = load_be32(value);
        options.rcv_tsecr = load_be32(value + 4);
    });
}

bool tcp_paws_discard(const tcp_options_received& options) {
    return options.tstamp_ok && options.saw_tstamp &&
           static_cast<std::int32_t>(options.ts_recent - options.rcv_tsval) > 1;
}

}  // namespace rxpath
