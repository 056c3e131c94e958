#pragma once

#include "models/base/kernel_function.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {

// Functions that say what was done with a packet: who handled it, whether it joined the last one of its queue, what
// was sent in answer.
constexpr function_number fate_functions[] = {fn::tcp_rcv_established,
                                              fn::tcp_rcv_state_process,
                                              fn::tcp_timewait_state_process,
                                              fn::tcp_check_req,
                                              fn::tcp_conn_request,
                                              fn::__udp_enqueue_schedule_skb,
                                              fn::icmp_rcv,
                                              fn::ip_forward,
                                              fn::ip_error,
                                              fn::ip_defrag,
                                              fn::tcp_try_coalesce,
                                              fn::kfree_skb_partial,
                                              fn::__tcp_send_ack,
                                              fn::tcp_v4_send_ack,
                                              fn::tcp_v4_send_synack,
                                              fn::tcp_v4_send_reset,
                                              fn::__icmp_send};

}  // namespace rxpath
