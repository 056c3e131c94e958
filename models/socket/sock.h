// struct sock_common and struct sock (include/net/sock.h): what every kind of socket has, and what a full socket has.
//
// Modelled: identity, state, references, the cached dsts of what comes and of what is sent, the accounting of receive
// memory, the owner flag that sends packets to the backlog. Left out: filters, memory cgroups, send memory, namespaces'
// protocol limits (a socket is never short of global memory).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/address.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/dst_entry.h"
#include "models/socket/hlist_nulls.h"
#include "models/socket/tcp_states.h"

namespace rxpath {

class inet_sockets;
struct sock_common;

// Where a socket's memory goes back to.
class sock_allocator {
public:
    virtual ~sock_allocator() = default;
    virtual void free(sock_common& sk) = 0;
};

// struct sock_common: the part that full sockets, request sockets and TIME_WAIT sockets share, so that one table holds
// all.
struct sock_common {
    network_namespace* skc_net = nullptr;
    inet_sockets* skc_sockets = nullptr;    // the sockets of skc_net
    ipv4_address skc_daddr, skc_rcv_saddr;  // the peer's and the own address; unspecified: any
    port_number skc_dport, skc_num;         // the peer's and the own port
    int skc_bound_dev_if = 0;               // SO_BINDTODEVICE; 0: any device
    std::uint32_t skc_hash = 0;             // inet_ehashfn() of the addresses and ports
    std::uint32_t skc_refcnt = 0;
    hlist_nulls_link<sock_common> skc_nulls_node;  // to the next in its chain of the established table
    std::uint64_t skc_generation = 0;              // tells this socket from others that had its memory; 0: free memory
    sock_allocator* skc_allocator = nullptr;
    std::uint32_t skc_place = 0;  // which object of its slab it is
    bool skc_hashed = false;      // it is in the established table
    tcp_state skc_state = TCP_CLOSE;
    std::uint8_t skc_protocol = ipproto_tcp;

    endpoint local() const { return {skc_rcv_saddr, skc_num}; }
    endpoint peer() const { return {skc_daddr, skc_dport}; }
};

// A packet in a receive queue. The bytes are not kept.
struct received_packet {
    tcp_sequence seq, end_seq;
    std::uint32_t bytes = 0;     // of payload
    std::uint32_t truesize = 0;  // bytes charged to the socket
    std::uint8_t tcp_flags = 0;
    std::uint8_t fragments = 0;  // page fragments of its sk_buff, up to here
    std::uint64_t number = 0;    // sk_buff::number
    picoseconds arrival;
    bool head_locked = false;   // its linear part is no page fragment, which another sk_buff could take over
    bool merged = false;        // into the sk_buff of the packet before it (tcp_try_coalesce())
    std::uint8_t tailroom = 0;  // bytes free behind it in its sk_buff
};

// sock::sk_shutdown
constexpr std::uint8_t rcv_shutdown = 1, send_shutdown = 2;

// struct sock
struct sock : sock_common {
    dst_entry* sk_rx_dst = nullptr;     // of the last packet received; early demux attaches it to the next
    int sk_rx_dst_ifindex = 0;          // the device that dst was learnt on
    dst_entry* sk_dst_cache = nullptr;  // of what is sent to the peer

    std::uint32_t sk_rmem_alloc = 0;    // bytes of truesize in the receive queues
    std::uint32_t sk_rcvbuf = 0;        // bytes
    std::int32_t sk_forward_alloc = 0;  // bytes reserved in whole pages and not yet charged
    std::vector<received_packet> sk_receive_queue;
    std::uint32_t sk_drops = 0;

    bool sk_owned = false;  // a task holds the socket's lock: packets go to the backlog
    std::vector<sk_buff> sk_backlog;
    std::uint32_t sk_backlog_len = 0;  // bytes of truesize

    std::uint8_t sk_shutdown = 0;  // rcv_shutdown | send_shutdown
    bool sk_dead = false;          // SOCK_DEAD: no application holds it any more
    bool sk_done = false;          // SOCK_DONE: the peer's FIN was received
    bool sk_has_filter = false;    // an attached BPF program refuses everything
    void* sk_user_data = nullptr;  // whatever the application wants to find again

    std::uint64_t unread_bytes() const;  // received and not read yet
};

// sk_fullsock(): neither a request nor TIME_WAIT, so there is a struct sock.
constexpr bool sk_fullsock(const sock_common& sk) {
    return sk.skc_state != TCP_TIME_WAIT && sk.skc_state != TCP_NEW_SYN_RECV;
}

// From here on this socket, and the application's end of it, is worked on.
void works_on_sock(call_trace& trace, const sock_common& sk);

inline void sock_hold(sock_common& sk) { ++sk.skc_refcnt; }
// Gives a reference back; the last one frees the socket, with what it holds (sock_gen_put()).
void sock_put(receive_context& context, sock_common& sk);

// The destructors of a packet that early demux gave a socket: with a reference, and without one (UDP under RCU).
void sock_edemux(receive_context& context, sk_buff& skb);
void sock_pfree(receive_context& context, sk_buff& skb);

// What a packet gives back when it is freed: its dst and its socket. The call is part of its caller's cost.
void skb_release_head_state(receive_context& context, sk_buff& skb);

// inet_sdif(): the device in an L3 domain that the packet came through; there are no such domains here.
constexpr int inet_sdif(const sk_buff& /*skb*/) { return 0; }
// inet_sk_bound_dev_eq(): an unbound socket takes packets of any device outside L3 domains.
constexpr bool inet_sk_bound_dev_eq(int bound_dev_if, int dif, int sdif) {
    return bound_dev_if == 0 ? sdif == 0 : bound_dev_if == dif || bound_dev_if == sdif;
}

// inet_sk_rx_dst_set(), net/ipv4/tcp_ipv4.c: the packet's dst becomes the socket's, unless it is dead already.
void inet_sk_rx_dst_set(receive_context& context, sock& sk, const sk_buff& skb);
// sock_def_readable(), net/core/sock.c: wakes who reads the socket.
void sock_def_readable(receive_context& context, sock& sk);

}  // namespace rxpath
