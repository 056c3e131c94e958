#include "models/ip/ip_options.h"

#include <algorithm>
#include <optional>

#include "models/base/icmp.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/store_bytes.h"
#include "models/ip/icmp_send.h"
#include "models/routing/fib_lookup.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/rtable.h"

namespace rxpath {

namespace {

// Option types (RFC 791 §3.1, RFC 2113); the high bit says: copied to every fragment.
constexpr std::uint8_t ipopt_end = 0, ipopt_noop = 1, ipopt_rr = 7, ipopt_timestamp = 68, ipopt_lsrr = 131,
                       ipopt_cipso = 134, ipopt_ssrr = 137, ipopt_ra = 148;
// What a timestamp option wants recorded.
constexpr std::uint8_t ts_only = 0, ts_and_address = 1, ts_prespecified = 3;

using wrong_byte = std::optional<std::uint8_t>;  // offset in the option

class options_compiler {
public:
    options_compiler(receive_context& context, network_namespace& net, sk_buff& skb)
        : m_context(context), m_net(net), m_skb(skb), m_header(skb.head.data() + skb.network_header) {}

    // The offset in the header of what is wrong, if something is.
    wrong_byte run() {
        const std::uint32_t end = m_skb.ip_hdr().ihl() * 4u;
        m_skb.ip_cb.optlen = static_cast<std::uint8_t>(end - ipv4_header_view::size);
        for (std::uint32_t at = ipv4_header_view::size; at < end;) {
            const auto type = m_header[at];
            if (type == ipopt_end) return pad(at, end), std::nullopt;
            if (type == ipopt_noop) {
                ++at;
                continue;
            }
            const auto offset = static_cast<std::uint8_t>(at);
            if (end - at < 2 || m_header[at + 1] < 2 || m_header[at + 1] > end - at) return offset;
            if (const auto wrong = compile(offset)) return static_cast<std::uint8_t>(offset + *wrong);
            at += m_header[at + 1];
        }
        return std::nullopt;
    }

private:
    wrong_byte compile(std::uint8_t at) {
        switch (m_header[at]) {
            case ipopt_ssrr:
            case ipopt_lsrr:
                return source_route(at);
            case ipopt_rr:
                return record_route(at);
            case ipopt_timestamp:
                return timestamp(at);
            case ipopt_ra:
                return router_alert(at);
            case ipopt_cipso:
                return 0;  // of no domain that is known
            default:
                return std::nullopt;
        }
    }

    // Nothing but ends follows an end.
    void pad(std::uint32_t at, std::uint32_t end) {
        if (std::all_of(m_header + at, m_header + end, [](std::uint8_t byte) { return byte == ipopt_end; })) return;
        std::fill(m_header + at, m_header + end, ipopt_end);
        m_skb.ip_cb.is_changed = true;
    }

    wrong_byte source_route(std::uint8_t at) {
        const auto* option = m_header + at;
        if (option[1] < 3) return 1;
        if (option[2] < 4) return 2;
        if (m_skb.ip_cb.srr != 0) return 0;
        m_skb.ip_cb.srr = at;
        m_skb.ip_cb.is_strictroute = option[0] == ipopt_ssrr;
        return std::nullopt;
    }

    wrong_byte record_route(std::uint8_t at) {
        auto* option = m_header + at;
        if (m_skb.ip_cb.rr != 0) return 0;
        if (option[1] < 3) return 1;
        if (option[2] < 4) return 2;
        m_skb.ip_cb.rr = at;
        if (option[2] > option[1]) return std::nullopt;
        if (option[2] + 3 > option[1]) return 2;
        store_own_address(option + option[2] - 1);
        option[2] = static_cast<std::uint8_t>(option[2] + 4);
        m_skb.ip_cb.rr_needaddr = true;
        return std::nullopt;
    }

    wrong_byte timestamp(std::uint8_t at) {
        auto* option = m_header + at;
        if (m_skb.ip_cb.ts != 0) return 0;
        if (option[1] < 4) return 1;
        if (option[2] < 5) return 2;
        m_skb.ip_cb.ts = at;
        return option[2] <= option[1] ? record_time(option) : count_overflow(option);
    }

    wrong_byte record_time(std::uint8_t* option) {
        const unsigned next = option[2], size = option[1];
        const auto wants = option[3] & 0xf;
        if (next + 3 > size) return 2;
        if (wants == ts_only) {
            option[2] = static_cast<std::uint8_t>(next + 4);
            m_skb.ip_cb.is_changed = true;
        }
        if (wants != ts_and_address && wants != ts_prespecified) return std::nullopt;
        if (next + 7 > size) return 2;
        const ipv4_address wanted{load_be32(option + next - 1)};
        if (wants == ts_and_address)
            store_own_address(option + next - 1);
        else if (m_net.routing.address_type(m_context, wanted) == route_type::unicast)
            return std::nullopt;
        m_skb.ip_cb.ts_needaddr = wants == ts_and_address;
        m_skb.ip_cb.is_changed = true;
        option[2] = static_cast<std::uint8_t>(next + 8);
        return std::nullopt;
    }

    // No room is left: the hops that found none are counted, up to 15.
    wrong_byte count_overflow(std::uint8_t* option) {
        if ((option[3] & 0xf) == ts_prespecified) return std::nullopt;
        if (option[3] >> 4 == 15) return 3;
        option[3] = static_cast<std::uint8_t>(option[3] + 0x10);
        m_skb.ip_cb.is_changed = true;
        return std::nullopt;
    }

    wrong_byte router_alert(std::uint8_t at) {
        const auto* option = m_header + at;
        if (option[1] < 4) return 1;
        if (option[2] == 0 && option[3] == 0) m_skb.ip_cb.router_alert = at;
        return std::nullopt;
    }

    // fib_compute_spec_dst(): the address of this host that the packet was for, or that an answer would have.
    ipv4_address own_address() {
        const auto ip = m_skb.ip_hdr();
        if ((skb_rtable(m_skb)->rt_flags & (rtcf_broadcast | rtcf_multicast | rtcf_local)) == rtcf_local)
            return ip.daddr();
        auto& routing = m_net.routing;
        if (ip.saddr().is_unspecified()) return routing.inet_select_addr(*m_skb.dev, ip.saddr(), route_scope::link);
        flowi4 flow;
        flow.flowi4_iif = loopback_ifindex;
        flow.daddr = ip.saddr();
        flow.flowi4_tos = ip.tos() & inet_dscp_mask;
        const bool marked = routing.devconf_all().src_valid_mark != 0 || m_skb.dev->ip.cnf.src_valid_mark != 0;
        if (marked) flow.flowi4_mark = m_skb.mark;
        fib_result result;
        if (fib_lookup(m_context, routing, flow, result, 0) == 0) return routing.fib_result_prefsrc(result);
        return routing.inet_select_addr(*m_skb.dev, ip.saddr(), route_scope::universe);
    }

    void store_own_address(std::uint8_t* at) {
        if (!m_own) m_own = own_address();
        store_be32(at, m_own->value);
        m_skb.ip_cb.is_changed = true;
    }

    receive_context& m_context;
    network_namespace& m_net;
    sk_buff& m_skb;
    std::uint8_t* m_header;
    std::optional<ipv4_address> m_own;
};

// ip_route_input() to a hop of the source route: the packet takes that way, and gives its former one back.
bool route_to(receive_context& context, network_namespace& net, sk_buff& skb, ipv4_address hop) {
    const auto former = skb._skb_refdst;
    const auto ip = skb.ip_hdr();
    skb._skb_refdst = 0;
    const int error = ip_route_input_noref(context, net.routing, skb, hop, ip.saddr(), ip.tos(), *skb.dev);
    if (error == 0 && skb_dst_is_noref(skb)) skb_dst_force(skb);
    const auto* route = skb_rtable(skb);
    const auto type = route != nullptr ? static_cast<route_type>(route->rt_type) : route_type::unspec;
    const bool passes = error == 0 && (type == route_type::unicast || type == route_type::local);
    const auto kept = passes ? skb._skb_refdst : former;
    if (passes) skb._skb_refdst = former;
    skb_dst_drop(context, skb);
    skb._skb_refdst = kept;
    return passes;
}

bool is_local(const sk_buff& skb) { return skb_rtable(skb)->rt_type == static_cast<std::uint16_t>(route_type::local); }

// The address at `pointer` of the option, which is at `option`; pointers count from 1.
ipv4_address hop_at(const sk_buff& skb, std::uint32_t option, std::uint32_t pointer) {
    return {load_be32(skb.head.data() + option + pointer - 1)};
}

}  // namespace

bool ip_options_compile(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_options_compile};
    const auto wrong = options_compiler{context, net, skb}.run();
    if (!wrong) return true;
    icmp_send(context, net, skb, {icmp_parameterprob, 0, static_cast<std::uint32_t>(*wrong) << 24});
    return false;
}

bool ip_options_rcv_srr(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_options_rcv_srr};
    if (skb.pkt_type != packet_type::host) return false;
    const auto refuse = [&](std::uint32_t byte) {
        icmp_send(context, net, skb, {icmp_parameterprob, 0, byte << 24});
        return false;
    };
    constexpr std::uint32_t daddr_offset = 16;
    const auto type = static_cast<route_type>(skb_rtable(skb)->rt_type);
    if (type == route_type::unicast) return skb.ip_cb.is_strictroute ? refuse(daddr_offset) : true;
    if (type != route_type::local) return false;
    const std::uint32_t option = skb.network_header + skb.ip_cb.srr;
    const std::uint32_t size = skb.head[option + 1];
    for (std::uint32_t next = skb.head[option + 2]; next <= size; next += 4) {
        if (next + 3 > size) return refuse(skb.ip_cb.srr + 2u);
        const auto hop = hop_at(skb, option, next);
        if (!route_to(context, net, skb, hop)) return false;
        if (!is_local(skb)) {
            skb.ip_cb.srr_is_hit = skb.ip_cb.is_changed = true;
            skb.ip_cb.nexthop = hop;
            return true;
        }
        skb.ip_cb.is_changed = true;
        std::copy_n(skb.head.begin() + option + next - 1, 4, skb.head.begin() + skb.network_header + daddr_offset);
    }
    return true;
}

}  // namespace rxpath
