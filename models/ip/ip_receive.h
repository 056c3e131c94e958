// IP receive between its neighbours: ip_rcv() and ip_list_rcv() of net/ipv4/ip_input.c, cut where early demux, routing
// and delivery work. The kernel nests them; here advance() runs up to the next hand-over and says where it goes, and
// the calls that are open stay open meanwhile.
//
//   begin -> early_demux -> (routing) -> advance -> early_demux ... -> deliver -> advance -> ... -> done
//
// A list goes as ip_list_rcv_finish() has it: packets whose dst follows in a row share one ip_sublist_rcv_finish(), and
// the first of a run is the route hint of the next packets. Left out: netfilter, l3mdev, several devices in one list.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/ip/network_namespace.h"

namespace rxpath {

class ip_receive {
public:
    enum class next : std::uint8_t { early_demux, deliver, done };

    explicit ip_receive(network_namespace& net) : m_net(net) {}

    // ip_rcv(): one packet, as netif_receive_skb() hands it on.
    next begin_single(receive_context& context, sk_buff& skb);
    // ip_list_rcv(): all of `list`, in order.
    next begin_list(receive_context& context, const std::vector<sk_buff*>& list);
    // After routing: `route_error` is what ip_route_input_noref() answered for packet(), 0 or a negative errno.
    next routed(receive_context& context, int route_error);
    // After the packets of delivery() are delivered.
    next delivered(receive_context& context);

    // The packet in early demux and routing.
    sk_buff& packet() const { return *m_packet; }
    // The packets to deliver, all with the same dst; and whether as a list.
    const std::vector<sk_buff*>& delivery() const { return m_delivery; }
    bool is_list() const { return m_is_list; }

private:
    next start_packet(receive_context& context);
    next use_hint(receive_context& context, std::uint32_t call);
    next keep(receive_context& context);
    next end_list(receive_context& context);
    const sk_buff* extract_route_hint(receive_context& context) const;

    network_namespace& m_net;
    std::vector<sk_buff*> m_kept, m_sublist, m_delivery;
    std::size_t m_next = 0;
    sk_buff* m_packet = nullptr;
    const sk_buff* m_hint = nullptr;
    dst_entry* m_current_dst = nullptr;
    std::uint32_t m_list_call = 0;  // ip_sublist_rcv() or ip_rcv()
    bool m_is_list = false;
    bool m_last = false;  // the list's last delivery is under way
};

}  // namespace rxpath
