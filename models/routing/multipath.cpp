#include "models/routing/multipath.h"

#include <algorithm>

#include "models/base/jhash.h"
#include "models/base/kernel_functions/routing.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

// FIB_MULTIPATH_HASH_FIELD_*: the outer header's, and the inner one's six bits higher.
constexpr int field_src_ip = 1, field_dst_ip = 2, field_ip_proto = 4, field_src_port = 16, field_dst_port = 32;
constexpr int outer_fields = 0x3f, inner_shift = 6;

std::uint32_t fib_multipath_hash_from_keys(const ipv4_routing& routing, const flow_keys& keys) {
    const auto seed = std::uint64_t{static_cast<std::uint32_t>(routing.sysctl().fib_multipath_hash_seed)};
    const auto word = seed << 32 | seed;
    return flow_hash_from_keys_seed(keys, {{word, word}});
}

flow_keys addresses_of(const ipv4_header_view& header) {
    flow_keys keys;
    keys.src = header.saddr();
    keys.dst = header.daddr();
    return keys;
}

bool icmp_is_err(std::uint8_t type) {
    constexpr std::uint8_t dest_unreach = 3, source_quench = 4, redirect = 5, time_exceeded = 11, parameterprob = 12;
    return type == dest_unreach || type == source_quench || type == redirect || type == time_exceeded ||
           type == parameterprob;
}

// ip_multipath_l3_keys(): an ICMP error goes the way of the packet that it is about.
flow_keys l3_keys(const sk_buff& skb) {
    constexpr std::size_t icmp_header = 8;
    const auto outer = skb.ip_hdr();
    const auto keys = addresses_of(outer);
    if (outer.protocol() != ipproto_icmp || (outer.frag_off() & ipv4_header_view::ip_offset) != 0) return keys;
    const auto bytes = skb.linear_bytes();
    const auto icmp = skb.network_header + outer.ihl() * std::size_t{4};
    if (!bytes.holds(icmp, icmp_header) || !icmp_is_err(bytes.data[icmp])) return keys;
    const auto inner = ipv4_header_view::at(bytes, icmp + icmp_header);
    return inner ? addresses_of(*inner) : keys;
}

// The keys that the bits in `fields` choose.
flow_keys chosen(const flow_keys& keys, int fields) {
    flow_keys result;
    if ((fields & field_src_ip) != 0) result.src = keys.src;
    if ((fields & field_dst_ip) != 0) result.dst = keys.dst;
    if ((fields & field_ip_proto) != 0) result.ip_proto = keys.ip_proto;
    if ((fields & field_src_port) != 0) result.sport = keys.sport;
    if ((fields & field_dst_port) != 0) result.dport = keys.dport;
    return result;
}

// fib_multipath_custom_hash_skb()
std::uint32_t custom_hash(const ipv4_routing& routing, const sk_buff& skb) {
    const int fields = routing.sysctl().fib_multipath_hash_fields;
    const int outer = fields & outer_fields, inner = fields >> inner_shift;
    const auto keys = skb_flow_dissect_flow_keys(skb, dissect_depth::outer);
    const auto outer_hash = outer != 0 ? fib_multipath_hash_from_keys(routing, chosen(keys, outer)) : 0;
    if (inner == 0 || !keys.encapsulation) return jhash_2words(outer_hash, 0, 0);
    const auto inmost = skb_flow_dissect_flow_keys(skb, dissect_depth::inner);
    return jhash_2words(outer_hash, fib_multipath_hash_from_keys(routing, chosen(inmost, inner)), 0);
}

flow_keys keys_of(const flowi4& flow) {
    return {flow.saddr, flow.daddr, flow.flowi4_proto, {flow.fl4_sport}, {flow.fl4_dport}, false};
}

std::uint32_t packet_hash(const ipv4_routing& routing, const sk_buff& skb, const flow_keys* dissected) {
    switch (routing.sysctl().fib_multipath_hash_policy) {
        case 1:
            return fib_multipath_hash_from_keys(
                routing, dissected ? *dissected : skb_flow_dissect_flow_keys(skb, dissect_depth::outer));
        case 2:
            return fib_multipath_hash_from_keys(
                routing, chosen(skb_flow_dissect_flow_keys(skb, dissect_depth::inner), field_src_ip | field_dst_ip));
        case 3:
            return custom_hash(routing, skb);
        default:
            return fib_multipath_hash_from_keys(routing, l3_keys(skb));
    }
}

// fib_good_nh(): not a gateway that is known to be gone.
bool good_neighbour(const ipv4_routing& routing, const fib_nh_common& nexthop) {
    if (nexthop.nhc_scope != route_scope::link) return true;
    const auto* neighbour = routing.neighbours().lookup(*nexthop.nhc_dev, nexthop.nhc_gw);
    return !neighbour || neighbour->valid;
}

}  // namespace

std::uint32_t fib_multipath_hash(receive_context& context, const ipv4_routing& routing, const sk_buff& skb,
                                 const flow_keys* dissected) {
    context.trace.leaf(fn::fib_multipath_hash);
    return packet_hash(routing, skb, dissected) >> 1;
}

std::uint32_t fib_multipath_hash(receive_context& context, const ipv4_routing& routing, const flowi4& flow) {
    context.trace.leaf(fn::fib_multipath_hash);
    constexpr int addresses = field_src_ip | field_dst_ip, five_tuple = outer_fields;
    const auto& sysctl = routing.sysctl();
    const auto keys = keys_of(flow);
    switch (sysctl.fib_multipath_hash_policy) {
        case 1:
            return fib_multipath_hash_from_keys(routing, chosen(keys, five_tuple)) >> 1;
        case 3: {
            const int fields = sysctl.fib_multipath_hash_fields & outer_fields;
            return fields != 0 ? fib_multipath_hash_from_keys(routing, chosen(keys, fields)) >> 1 : 0;
        }
        default:
            return fib_multipath_hash_from_keys(routing, chosen(keys, addresses)) >> 1;
    }
}

void fib_select_multipath(receive_context& context, const ipv4_routing& routing, fib_result& result,
                          std::uint32_t hash) {
    context.trace.leaf(fn::fib_select_multipath);
    const bool use_neigh = routing.sysctl().fib_multipath_use_neigh != 0;
    auto& nexthops = result.fi->fib_nh;
    const auto choose = [&](std::size_t selected) {
        result.nh_sel = selected;
        result.nhc = &nexthops[selected];
    };
    bool has_good = false;  // the first good one is taken when no share is hit
    for (std::size_t i = 0; i < nexthops.size(); ++i) {
        if (use_neigh) {
            if (!good_neighbour(routing, nexthops[i])) continue;
            if (!has_good) choose(i);
            has_good = true;
        }
        if (static_cast<std::int64_t>(hash) <= nexthops[i].fib_nh_upper_bound) return choose(i);
    }
}

bool inet_addr_onlink(const net_device& dev, ipv4_address a, ipv4_address b) {
    return std::any_of(dev.ip.ifa_list.begin(), dev.ip.ifa_list.end(), [&](const in_ifaddr& own) {
        return own.ifa_prefix.contains(a) && (b.is_unspecified() || own.ifa_prefix.contains(b));
    });
}

}  // namespace rxpath
