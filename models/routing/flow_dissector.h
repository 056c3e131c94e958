// The flow a packet belongs to, read from its headers (net/core/flow_dissector.c), and its hash. Left out: protocols
// that carry others except IPv4 in IPv4, and the keys that none of them sets.
#pragma once

#include <cstdint>

#include "models/base/siphash.h"
#include "models/base/sk_buff.h"

namespace rxpath {

constexpr std::uint8_t ipproto_ipip = 4, ipproto_ah = 51;

// struct flow_keys, as far as IPv4 goes.
struct flow_keys {
    ipv4_address src, dst;
    std::uint8_t ip_proto = 0;
    port_number sport, dport;    // 0 in fragments and for protocols without
    bool encapsulation = false;  // FLOW_DIS_ENCAPSULATION: the flow travels inside another
};

enum class dissect_depth : std::uint8_t {
    outer,  // FLOW_DISSECTOR_F_STOP_AT_ENCAP
    inner   // the innermost flow
};

// __skb_flow_dissect() with flow_keys_dissector.
flow_keys skb_flow_dissect_flow_keys(const sk_buff& skb, dissect_depth depth);

// The same value for both directions of a flow, never 0 (flow_hash_from_keys_seed()).
std::uint32_t flow_hash_from_keys_seed(const flow_keys& keys, const siphash_key& key);

}  // namespace rxpath
