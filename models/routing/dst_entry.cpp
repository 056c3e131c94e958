#include "models/routing/dst_entry.h"

#include <cassert>

#include "models/base/kernel_functions/routing.h"
#include "models/routing/dst_slab.h"
#include "models/routing/uncached_list.h"

namespace rxpath {

const dst_metrics dst_default_metrics{};

namespace {

// The last reference is gone: the entry leaves the uncached routes and its memory goes back (dst_destroy()).
void dst_destroy(dst_entry& dst) {
    rt_del_uncached_list(rtable_of(dst));
    if ((dst._metrics & dst_metrics_refcounted) != 0) {
        auto& metrics =
            const_cast<dst_metrics&>(dst_metrics_of(dst));  // counted ones belong to a fib_info, never const
        if (--metrics.refcnt == 0) delete &metrics;
    }
    dst_slab::of(dst).free_rcu(rtable_of(dst));
}

}  // namespace

void dst_init(dst_entry& dst, const dst_ops& ops, net_device* dev, dst_obsolete obsolete, std::uint16_t flags,
              std::uint64_t now_jiffies) {
    dst = dst_entry{};
    dst.dev = dev;
    dst.ops = &ops;
    dst._metrics = reinterpret_cast<std::uintptr_t>(&dst_default_metrics) | dst_metrics_read_only;
    dst.obsolete = obsolete;
    dst.flags = flags;
    dst.lastuse = now_jiffies;
    dst.rt_uncached = {&dst.rt_uncached, &dst.rt_uncached};
}

void ip_dst_init_metrics(dst_entry& dst, dst_metrics& metrics) {
    dst._metrics = reinterpret_cast<std::uintptr_t>(&metrics) | dst_metrics_read_only | dst_metrics_refcounted;
    ++metrics.refcnt;
}

void dst_hold(dst_entry& dst) {
    [[maybe_unused]] const bool alive = dst.__rcuref.get();
    assert(alive);
}

void dst_use_noref(dst_entry& dst, std::uint64_t now_jiffies) {
    if (dst.lastuse == now_jiffies) return;
    ++dst.__use;
    dst.lastuse = now_jiffies;
}

void dst_use(dst_entry& dst, std::uint64_t now_jiffies) {
    dst_hold(dst);
    dst_use_noref(dst, now_jiffies);
}

void dst_release(receive_context& context, dst_entry* dst) {
    kernel_call here{context.trace, fn::dst_release};
    if (!dst) return;
    here.took(path::dst_release::referenced);
    if (!dst->__rcuref.put()) return;
    here.took(path::dst_release::last_reference);
    context.trace.leaf(fn::rcuref_put_slowpath);
    if ((dst->flags & dst_nocount) == 0) {
        here.took(path::dst_release::counted);
        context.trace.leaf(fn::percpu_counter_add_batch);
    }
    context.trace.leaf(fn::call_rcu_hurry);
    dst_destroy(*dst);
}

void dst_release_immediate(dst_entry* dst) {
    if (dst && dst->__rcuref.put()) dst_destroy(*dst);
}

void dst_dev_put(dst_entry& dst) {
    dst.obsolete = dst_obsolete::dead;
    dst.input = dst_input::dst_discard;
    dst.output = dst_output::dst_discard_out;
}

bool skb_dst_force(sk_buff& skb) {
    if (skb_dst_is_noref(skb)) {
        auto* dst = skb_dst(skb);
        skb_dst_set(skb, dst_hold_safe(*dst) ? dst : nullptr);
    }
    return skb_valid_dst(skb);
}

void skb_dst_drop(receive_context& context, sk_buff& skb) {
    auto* dst = skb_dst(skb);
    const bool referenced = dst && !skb_dst_is_noref(skb);
    skb._skb_refdst = 0;
    if (referenced) dst_release(context, dst);
}

}  // namespace rxpath
