// What goes to a next hop, and what waits for it (neigh_resolve_output(), __neigh_event_send() in
// net/core/neighbour.c).
#include "models/routing/ipv4_routing.h"

#include "models/base/kernel_functions/helpers.h"

namespace rxpath {

namespace {

constexpr std::uint64_t sent_before = 0;  // no number: the packet's fate was told when it was sent

std::uint64_t queued_bytes(const neighbour& to) {
    std::uint64_t bytes = 0;
    for (const auto& waiting : to.arp_queue) bytes += waiting.truesize;
    return bytes;
}

// The oldest packets give room to the newest.
void wait_for(receive_context& context, neighbour& to, const sk_buff& skb, std::uint64_t limit) {
    while (!to.arp_queue.empty() && queued_bytes(to) + skb.truesize > limit) {
        dst_release_immediate(to.arp_queue.front().dst);
        to.arp_queue.pop_front();
        context.drop(sent_before, drop_reason::NEIGH_QUEUEFULL, fn::ip_output);
    }
    auto* dst = skb_dst(skb);
    if (dst_hold_safe(*dst)) to.arp_queue.push_back({dst, skb.truesize});
}

}  // namespace

bool ipv4_routing::neigh_output(receive_context& context, sk_buff& skb, ipv4_address nexthop) {
    const auto& dev = *skb_dst(skb)->dev;
    auto* to = m_neighbours.find(dev, nexthop);
    if (!to) {
        is_local_in(rt_table_local, nexthop);  // arp_constructor()
        to = &m_neighbours.create(dev, nexthop, context.now);
    }
    if (!to->valid) wait_for(context, *to, skb, static_cast<std::uint64_t>(m_neighbours.queue_limit(dev)));
    return to->valid;
}

}  // namespace rxpath
