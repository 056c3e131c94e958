// From NAPI or the driver to IP: netif_receive_skb() and netif_receive_skb_list_internal() (net/core/dev.c), with IPv4
// as the only protocol. Each begin_ leaves its calls open, since IP runs below them; end_ closes them. Left out: packet
// taps, RPS, generic XDP, VLAN, rx handlers.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// netif_receive_skb_list_internal() up to the call of ip_list_rcv().
void begin_netif_receive_list(receive_context& context, const std::vector<sk_buff*>& list);
void end_netif_receive_list(receive_context& context);

// __netif_receive_skb() up to the call of ip_rcv().
void begin___netif_receive_skb(receive_context& context, const sk_buff& skb);
void end___netif_receive_skb(receive_context& context);

// netif_receive_skb() up to the call of ip_rcv().
void begin_netif_receive(receive_context& context, const sk_buff& skb);
void end_netif_receive(receive_context& context);

}  // namespace rxpath
