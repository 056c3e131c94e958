#include "models/routing/multipath.h"

#include <algorithm>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

// The finaliser of MurmurHash3: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t value) {
    value = (value ^ value >> 33) * 0xff51afd7ed558ccd;
    value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53;
    return value ^ value >> 33;
}

}  // namespace

std::uint32_t fib_multipath_hash(const ipv4_routing& routing, const sk_buff& skb) {
    const auto header = skb.ip_hdr();
    auto hash = mix(std::uint64_t{header.saddr().value} << 32 | header.daddr().value);
    const auto ports = udp_header_view::at(skb.linear_bytes(), skb.network_header + header.ihl() * 4u);
    if (routing.sysctl().fib_multipath_hash_policy == 1 && ports && !header.is_fragment()) {
        const auto both = std::uint64_t{ports->source().value} << 16 | ports->dest().value;
        hash = mix(hash ^ (both << 8 | header.protocol()));
    }
    return static_cast<std::uint32_t>(hash >> 33);
}

void fib_select_multipath(receive_context& context, const ipv4_routing& routing, const sk_buff& skb,
                          fib_result& result) {
    context.trace.leaf(fn::fib_multipath_hash);
    context.trace.leaf(fn::fib_select_multipath);
    const auto hash = static_cast<std::int64_t>(fib_multipath_hash(routing, skb));
    auto& nexthops = result.fi->fib_nh;
    for (std::size_t i = 0; i < nexthops.size(); ++i) {
        if (hash > nexthops[i].fib_nh_upper_bound) continue;
        result.nh_sel = i;
        result.nhc = &nexthops[i];
        return;
    }
}

bool inet_addr_onlink(const net_device& dev, ipv4_address a, ipv4_address b) {
    return std::any_of(dev.ip.ifa_list.begin(), dev.ip.ifa_list.end(), [&](const in_ifaddr& own) {
        return own.ifa_prefix.contains(a) && (b.is_unspecified() || own.ifa_prefix.contains(b));
    });
}

}  // namespace rxpath
