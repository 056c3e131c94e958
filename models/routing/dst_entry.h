// struct dst_entry (include/net/dst.h, net/core/dst.c): the result of a routing decision, cached to be used again.
//
// Members, sizes and offsets are those of the 64-bit kernel; the 32-bit ones are in dst_layout.h. input and output name
// the kernel function that handles the packet next. A dst is alive while __rcuref counts a reference; an skb or a
// socket that uses it within one softirq run may point at it without one (SKB_DST_NOREF). Left out: XFRM and
// lightweight tunnels; their members are there and stay null.
#pragma once

#include <cstdint>

#include "models/base/net_device.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/dst_metrics.h"
#include "models/routing/dst_ops.h"
#include "models/routing/rcuref.h"

namespace rxpath {

struct xfrm_state;
struct lwtunnel_state;
struct uncached_list;

struct list_head {
    list_head* next = nullptr;
    list_head* prev = nullptr;
};

struct callback_head {
    callback_head* next = nullptr;
    void (*func)(callback_head*) = nullptr;
};

// dst_entry::input: the function a received packet goes to.
enum class dst_input : std::uintptr_t { dst_discard, ip_local_deliver, ip_forward, ip_error, ip_mr_input };
// dst_entry::output: the function a sent packet goes to.
enum class dst_output : std::uintptr_t { dst_discard_out, ip_output, ip_rt_bug };

// dst_entry::flags
constexpr std::uint16_t dst_noxfrm = 0x0002, dst_nopolicy = 0x0004, dst_nocount = 0x0008, dst_fake_rtable = 0x0010,
                        dst_xfrm_tunnel = 0x0020, dst_xfrm_queue = 0x0040, dst_metadata = 0x0080;

// dst_entry::obsolete. Not none: dst_check() asks ops->check(). Positive: the generic layer destroyed the entry.
// Negative: the protocol wants every use checked by hand.
enum class dst_obsolete : std::int16_t { none = 0, dead = 2, force_chk = -1, kill = -2 };

struct dst_entry {
    net_device* dev = nullptr;
    const dst_ops* ops = nullptr;
    std::uintptr_t _metrics = 0;  // a dst_metrics*, low bits dst_metrics_flags
    std::uint64_t expires = 0;    // jiffies; 0: never
    xfrm_state* xfrm = nullptr;
    dst_input input = dst_input::dst_discard;
    dst_output output = dst_output::dst_discard_out;

    std::uint16_t flags = 0;  // dst_no*, dst_xfrm_*, ...
    dst_obsolete obsolete = dst_obsolete::none;
    std::uint16_t header_len = 0;   // more space needed at the head
    std::uint16_t trailer_len = 0;  // space to reserve at the tail

    rcuref __rcuref;  // on the second cache line: away from input, output and ops, which every packet reads
    std::int32_t __use = 0;
    std::uint64_t lastuse = 0;  // jiffies
    callback_head rcu_head;
    std::int16_t error = 0;
    std::int16_t __pad = 0;
    std::uint32_t tclassid = 0;

    list_head rt_uncached;  // among the routes that no nexthop caches
    uncached_list* rt_uncached_list = nullptr;
    lwtunnel_state* lwtstate = nullptr;
};

// A fresh entry with one reference, default metrics and no use yet (dst_init()).
void dst_init(dst_entry& dst, const dst_ops& ops, net_device* dev, dst_obsolete obsolete, std::uint16_t flags,
              std::uint64_t now_jiffies);

inline const dst_metrics& dst_metrics_of(const dst_entry& dst) {
    return *reinterpret_cast<const dst_metrics*>(dst._metrics & ~dst_metrics_flags);
}
inline bool dst_metrics_read_only_set(const dst_entry& dst) { return (dst._metrics & dst_metrics_read_only) != 0; }
inline std::uint32_t dst_metric_raw(const dst_entry& dst, rtax metric) {
    return dst_metrics_of(dst).metrics[static_cast<std::size_t>(metric) - 1];
}
inline bool dst_metric_locked(const dst_entry& dst, rtax metric) {
    return (dst_metric_raw(dst, rtax::lock) & 1u << static_cast<unsigned>(metric)) != 0;
}
// A route's metrics: shared and read-only, counted unless they are the defaults (ip_dst_init_metrics()).
void ip_dst_init_metrics(dst_entry& dst, dst_metrics& metrics);

// The entry if it may still be used, else nothing. Only a non-zero obsolete asks the protocol.
inline dst_entry* dst_check(receive_context& context, dst_entry& dst, std::uint32_t cookie) {
    return dst.obsolete == dst_obsolete::none ? &dst : dst.ops->check(context, dst, cookie);
}

// Takes a reference that must succeed: the caller knows the entry to be alive.
void dst_hold(dst_entry& dst);
// Takes a reference; false when the entry is dead already.
inline bool dst_hold_safe(dst_entry& dst) { return dst.__rcuref.get(); }
// Notes a use without taking a reference.
void dst_use_noref(dst_entry& dst, std::uint64_t now_jiffies);
// dst_hold() and dst_use_noref().
void dst_use(dst_entry& dst, std::uint64_t now_jiffies);
// Gives a reference back; the last one destroys the entry after the softirq run. Null is allowed.
void dst_release(receive_context& context, dst_entry* dst);
// The same outside the receive path: nothing is traced.
void dst_release_immediate(dst_entry* dst);
// The entry leaves its device: dead for every later check, packets that still come are discarded.
void dst_dev_put(dst_entry& dst);

// Makes a packet's unreferenced dst its own; without dst when that is dead (skb_dst_force()).
bool skb_dst_force(sk_buff& skb);
// The packet forgets its dst, giving back the reference if it holds one.
void skb_dst_drop(receive_context& context, sk_buff& skb);

}  // namespace rxpath
