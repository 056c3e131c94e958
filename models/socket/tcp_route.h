// The ways of what TCP sends: of a connection's segments, which keep their dst (__ip_queue_xmit(),
// net/ipv4/ip_output.c), of answers without a connection (ip_send_unicast_reply()), and of connections that begin
// (inet_csk_route_req(), inet_csk_route_child_sock(), net/ipv4/inet_connection_sock.c). Where there is no way, nothing
// is sent.
//
// All of it lies in closed subtrees: nothing is traced. Left out: TOS and marks of sockets, IP options.
#pragma once

#include <optional>

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

class inet_sockets;

// A way, with a reference to give back; nothing where there is none. The dst is null where no routing was given, or a
// socket's device leads to the peer without a route.
using output_way = std::optional<dst_entry*>;

// The way from a socket's address to its peer. A failure counts as OutNoRoutes.
output_way inet_csk_route_req(receive_context& context, const sock_common& sk);

// Sends a segment of a connection, by the dst that it keeps while that is valid. Without a way the segment is dropped
// (IP_OUTNOROUTES), which the connection does not learn: false.
bool ip_queue_xmit(receive_context& context, sock& sk, const sent_packet& segment);
// Sends an answer that no connection sends, from a socket bound to that device (0: any). False without a way.
bool ip_send_unicast_reply(receive_context& context, inet_sockets& sockets, sent_packet reply, int bound_dev_if);

// Sends a segment this way. A device without carrier drops it (QDISC_DROP), which nobody here learns.
void ip_output(receive_context& context, const output_way& way, sent_packet segment);
// Does what takes this way come back to this host?
bool leads_to_this_host(const output_way& way);
// dst_metric_advmss(): the segment size to announce to the peer behind a dst, bytes of payload.
std::uint32_t dst_metric_advmss(const dst_entry* dst, picoseconds now);

}  // namespace rxpath
