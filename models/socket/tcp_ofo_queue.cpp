#include "models/socket/tcp_ofo_queue.h"

#include <algorithm>
#include <utility>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/skb_free.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_data_queue.h"
#include "models/socket/tcp_ecn.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_receive_queue.h"
#include "models/socket/tcp_sack.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_data_queue;
using packet_list = std::vector<received_packet>;

// An sk_buff in the queue: the packets [begin, end) that were merged.
struct queued_skb {
    std::size_t begin, end;
    tcp_sequence seq, end_seq;
};

queued_skb skb_at(const packet_list& queue, std::size_t begin) {
    auto end = begin + 1;
    while (end < queue.size() && queue[end].merged) ++end;
    return {begin, end, queue[begin].seq, queue[end - 1].end_seq};
}

queued_skb last_skb(const packet_list& queue) {
    auto begin = queue.size() - 1;
    while (queue[begin].merged) --begin;
    return skb_at(queue, begin);
}

std::size_t skb_count(const packet_list& queue) {
    return static_cast<std::size_t>(
        std::count_if(queue.begin(), queue.end(), [](const received_packet& packet) { return !packet.merged; }));
}

queued_skb nth_skb(const packet_list& queue, std::size_t n) {
    auto skb = skb_at(queue, 0);
    while (n-- > 0) skb = skb_at(queue, skb.end);
    return skb;
}

// Takes the sk_buff out and gives its memory back.
void drop_skb(receive_context& context, tcp_sock& sk, const queued_skb& skb, drop_reason reason) {
    auto& queue = sk.out_of_order_queue;
    context.trace.leaf(fn::sk_skb_reason_drop);
    for (auto i = skb.begin; i < skb.end; ++i) sk_mem_uncharge(sk, queue[i].truesize);
    context.drop(queue[skb.begin].number, reason, fn::tcp_data_queue);
    for (auto i = skb.begin; i < skb.end; ++i) context.settle(queue[i].number, reason);
    queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(skb.begin),
                queue.begin() + static_cast<std::ptrdiff_t>(skb.end));
}

void insert_at(tcp_sock& sk, std::size_t at, const received_packet& packet) {
    sk.out_of_order_queue.insert(sk.out_of_order_queue.begin() + static_cast<std::ptrdiff_t>(at), packet);
}

// One segment on its way into the queue.
class insertion {
public:
    insertion(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb)
        : m_context(context), m_here(here), m_sk(sk), m_skb(skb), m_packet(packet_of(skb)) {
        skb.held = std::exchange(skb.queued, false);
    }

    void run();

private:
    void first();
    void search();
    bool settled_at(const queued_skb& skb);
    void merged_into(const queued_skb& skb);
    void covered();
    void place(std::size_t at);
    void remove_covered(std::size_t at);
    void report() {
        if (m_sk.rx_opt.sack_ok) tcp_sack_new_ofo_skb(m_context, m_here, m_sk, m_packet.seq, m_packet.end_seq);
    }
    void keep();
    void grow_window(bool adjust);

    receive_context& m_context;
    kernel_call& m_here;
    tcp_sock& m_sk;
    sk_buff& m_skb;
    received_packet m_packet;
};

void insertion::run() {
    auto& queue = m_sk.out_of_order_queue;
    if (queue.empty()) return first();
    const auto last = last_skb(queue);
    if (tcp_try_coalesce(m_context, queue.back(), m_packet)) return merged_into(last);
    if (before(m_packet.seq, last.end_seq)) return search();
    m_here.took(out_of_order_next);
    place(queue.size());
}

void insertion::first() {
    m_here.took(out_of_order_first);
    m_context.trace.leaf(fn::rb_insert_color);
    if (m_sk.rx_opt.sack_ok) {
        m_here.took(first_block_made);
        m_sk.rx_opt.num_sacks = 1;
        m_sk.selective_acks[0] = {m_packet.seq, m_packet.end_seq};
    }
    insert_at(m_sk, 0, m_packet);
    keep();
}

// Down the tree, from its root, to the segment's place.
void insertion::search() {
    const auto& queue = m_sk.out_of_order_queue;
    std::size_t first = 0, count = skb_count(queue), place_at = queue.size();
    bool below_root = false;
    while (count > 0) {
        if (below_root) m_here.took(next_node);
        below_root = true;
        const auto half = (count - 1) / 2;
        const auto node = nth_skb(queue, first + half);
        if (before(m_packet.seq, node.seq)) {
            m_here.took(went_left);
            place_at = node.begin;
            count = half;
            continue;
        }
        if (settled_at(node)) return;
        first += half + 1;
        count -= half + 1;
    }
    m_here.took(out_of_order_inserted);
    place(place_at);
}

// The segment does not begin before the node: it is covered by it, replaces it, is merged into it, or goes beyond.
bool insertion::settled_at(const queued_skb& node) {
    if (!before(m_packet.seq, node.end_seq)) {
        if (!tcp_try_coalesce(m_context, m_sk.out_of_order_queue[node.end - 1], m_packet)) {
            m_here.took(node_not_merged);
            return false;
        }
        m_here.took(merged_in_tree);
        merged_into(node);
        return true;
    }
    if (!after(m_packet.end_seq, node.end_seq)) {
        covered();
        return true;
    }
    if (m_packet.seq == node.seq) {
        m_here.took(out_of_order_inserted);
        m_here.took(node_replaced);
        drop_skb(m_context, m_sk, node, drop_reason::TCP_OFOMERGE);
        place(node.begin);
        return true;
    }
    m_here.took(node_overlapped);
    if (reports_duplicates(m_sk)) m_here.took(node_overlap_reported);
    return false;
}

void insertion::merged_into(const queued_skb& skb) {
    m_here.took(out_of_order_merged);
    sk_mem_charge(m_sk, m_packet.truesize);
    insert_at(m_sk, skb.end, m_packet);
    grow_window(true);
    kfree_skb_partial(m_context);
    report();
}

// Every byte of it is there already.
void insertion::covered() {
    m_here.took(out_of_order_again);
    sk_skb_reason_drop(m_context, m_skb, drop_reason::TCP_OFOMERGE, fn::tcp_data_queue);
    if (m_sk.rx_opt.sack_ok) m_here.took(again_reported);
    report();
}

void insertion::place(std::size_t at) {
    m_context.trace.leaf(fn::rb_insert_color);
    insert_at(m_sk, at, m_packet);
    remove_covered(at + 1);
    report();
    keep();
}

// An sk_buff of its own in the queue, which the socket is charged for.
void insertion::keep() {
    grow_window(false);
    m_context.trace.leaf(fn::skb_condense);
    sk_mem_charge(m_sk, m_packet.truesize);
}

// What lies to the right and is covered by the segment goes.
void insertion::remove_covered(std::size_t at) {
    auto& queue = m_sk.out_of_order_queue;
    m_context.trace.leaf(fn::rb_next);
    while (at < queue.size()) {
        const auto right = skb_at(queue, at);
        if (!after(m_packet.end_seq, right.seq)) return m_here.took(right_apart);
        if (before(m_packet.end_seq, right.end_seq)) return m_here.took(right_overlapped);
        m_here.took(right_covered);
        m_context.trace.leaf(fn::rb_erase);
        drop_skb(m_context, m_sk, right, drop_reason::TCP_OFOMERGE);
        m_context.trace.leaf(fn::rb_next);
    }
}

// The window of a peer without SACK does not grow: an unchanged one makes a duplicate ACK.
void insertion::grow_window(bool adjust) {
    if (!m_sk.rx_opt.sack_ok) return;
    m_here.took(out_of_order_window_grown);
    tcp_grow_window(m_context, m_sk, m_skb, m_skb.len, adjust);
}

}  // namespace

void tcp_data_queue_ofo(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    if (tcp_ecn_check_ce(context, sk, skb)) here.took(ecn_agreed);
    if (!tcp_try_rmem_schedule(context, sk, skb)) {
        here.took(out_of_order_no_memory);
        sock_def_readable(context, sk);
        return sk_skb_reason_drop(context, skb, drop_reason::PROTO_MEM, fn::tcp_data_queue);
    }
    tcp_measure_rcv_mss(context, sk, skb, skb.len);
    sk.pred_flags = 0;
    inet_csk_schedule_ack(sk);
    insertion{context, here, sk, skb}.run();
}

namespace {

// The packets [0, end) move to the receive queue, merged into its last sk_buff if they fit there.
void move_to_receive_queue(receive_context& context, kernel_call& here, tcp_sock& sk, std::size_t end) {
    const auto& queue = sk.out_of_order_queue;
    received_packet whole = queue[0];
    whole.fragments = queue[end - 1].fragments;
    for (std::size_t i = 1; i < end; ++i) {
        whole.bytes += queue[i].bytes;
        whole.truesize += queue[i].truesize;
    }
    const auto charged = whole.truesize;
    const auto& received = sk.sk_receive_queue;
    const bool eaten = !received.empty() && tcp_try_coalesce(context, received.back(), whole);
    if (eaten) {
        sk_mem_charge(sk, whole.truesize);
        sk_mem_uncharge(sk, charged);
        kfree_skb_partial(context);
    } else {
        here.took(moved_unmerged);
    }
    for (std::size_t i = 0; i < end; ++i) {
        auto packet = queue[i];
        packet.merged |= eaten;
        packet.fragments = whole.fragments;
        if (eaten) packet.tailroom = whole.tailroom;
        if (eaten) packet.truesize = i == 0 ? whole.truesize : 0;
        append_received(sk, packet);
        context.settle(packet.number, drop_reason::NOT_DROPPED_YET);
    }
}

// The first sk_buff, which rcv_nxt has reached: to the receive queue, or away if all of it was received meanwhile.
// Answers whether it ends the stream.
bool take_first(receive_context& context, kernel_call& here, tcp_sock& sk, tcp_sequence dsack_high) {
    auto& queue = sk.out_of_order_queue;
    const auto skb = skb_at(queue, 0);
    if (before(skb.seq, dsack_high)) here.took(waiting_overlapped);
    context.trace.leaf(fn::rb_next);
    context.trace.leaf(fn::rb_erase);
    if (!after(skb.end_seq, sk.rcv_nxt)) {
        here.took(waiting_dropped);
        drop_skb(context, sk, skb, drop_reason::TCP_OFO_DROP);
        return false;
    }
    here.took(moved_from_out_of_order);
    move_to_receive_queue(context, here, sk, skb.end);
    const bool fin = (queue[skb.end - 1].tcp_flags & tcphdr_fin) != 0;
    queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(skb.end));
    return fin;
}

}  // namespace

void tcp_ofo_queue(receive_context& context, kernel_call& here, tcp_sock& sk) {
    const auto dsack_high = sk.rcv_nxt;
    auto& queue = sk.out_of_order_queue;
    here.took(gap_looked_at);
    context.trace.leaf(fn::rb_first);
    bool fin = false;
    for (bool next = false; !fin && !queue.empty(); next = true) {
        here.took(waiting_looked_at);
        if (next) here.took(next_waiting);
        if (after(queue[0].seq, sk.rcv_nxt)) return;
        fin = take_first(context, here, sk, dsack_high);
    }
    if (fin) tcp_fin(context, sk);
}

void tcp_prune_ofo_queue(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    auto& queue = sk.out_of_order_queue;
    const auto share = static_cast<std::int64_t>(sk.sk_rcvbuf >> 3);
    auto goal = share;
    bool pruned = false;
    while (!queue.empty()) {
        const auto last = last_skb(queue);
        if (after(skb.tcp_cb.seq, last.seq)) break;
        pruned = true;
        const auto before_drop = sk.sk_rmem_alloc;
        drop_skb(context, sk, last, drop_reason::TCP_OFO_QUEUE_PRUNE);
        goal -= before_drop - sk.sk_rmem_alloc;
        if (!queue.empty() && goal > 0) continue;
        if (sk.sk_rmem_alloc <= sk.sk_rcvbuf) break;
        goal = share;
    }
    if (pruned) sk.rx_opt.num_sacks = 0;
}

}  // namespace rxpath
