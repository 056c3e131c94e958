#include "models/socket/tcp_sack.h"

#include <algorithm>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_output.h"

namespace rxpath {

namespace {

using namespace path::tcp_data_queue;

// tcp_sack_extend(): the block grows by what touches it. `start_compared` is what looking at its start costs.
bool touches(kernel_call& here, const sack_block& block, tcp_sequence seq, tcp_sequence end_seq) {
    if (after(seq, block.end_seq)) return false;
    here.took(block_start_compared);
    return !after(block.start_seq, end_seq);
}

void extend(kernel_call& here, sack_block& block, tcp_sequence seq, tcp_sequence end_seq) {
    if (before(seq, block.start_seq)) {
        here.took(block_edge_moved);
        block.start_seq = seq;
    }
    if (after(end_seq, block.end_seq)) {
        here.took(block_edge_moved);
        block.end_seq = end_seq;
    }
}

// tcp_sack_compress_send_ack(): reports that wait go out before there are more blocks than a peer may expect.
void send_waiting_reports(receive_context& context, kernel_call& here, tcp_sock& sk) {
    if (sk.compressed_ack.waiting == 0) return;
    here.took(waiting_reports_sent);
    sk.compressed_ack.waiting = 0;
    tcp_send_ack(context, sk);
}

constexpr std::size_t tcp_sack_blocks_expected = 2;

// tcp_sack_maybe_coalesce(): the first block has grown and may touch others.
void coalesce_with_first(kernel_call& here, tcp_sock& sk) {
    auto& blocks = sk.selective_acks;
    auto& count = sk.rx_opt.num_sacks;
    here.took(blocks_walked);
    for (std::size_t i = 1; i < count;) {
        here.took(block_walked);
        if (!touches(here, blocks[0], blocks[i].start_seq, blocks[i].end_seq)) {
            here.took(block_left_apart);
            ++i;
            continue;
        }
        here.took(block_joined);
        extend(here, blocks[0], blocks[i].start_seq, blocks[i].end_seq);
        --count;
        if (i >= count) return;
        here.took(blocks_closed_up);
        here.took(block_moved_up, static_cast<std::uint32_t>(count - i));
        std::copy(blocks.begin() + i + 1, blocks.begin() + count + 1, blocks.begin() + i);
    }
}

void grow_block(receive_context& context, kernel_call& here, tcp_sock& sk, std::size_t at, tcp_sequence seq,
                tcp_sequence end_seq) {
    auto& blocks = sk.selective_acks;
    const std::size_t count = sk.rx_opt.num_sacks;
    here.took(block_extended);
    extend(here, blocks[at], seq, end_seq);
    if (at >= tcp_sack_blocks_expected)
        send_waiting_reports(context, here, sk);
    else if (at == 1)
        here.took(second_block_extended);
    if (at > 0) {
        here.took(block_brought_forward);
        here.took(block_passed_by, static_cast<std::uint32_t>(at));
        std::rotate(blocks.begin(), blocks.begin() + at, blocks.begin() + at + 1);
    }
    if (count > 1) coalesce_with_first(here, sk);
}

void add_block(receive_context& context, kernel_call& here, tcp_sock& sk, sack_block block) {
    auto& blocks = sk.selective_acks;
    auto& count = sk.rx_opt.num_sacks;
    here.took(block_added);
    if (count >= tcp_sack_blocks_expected) {
        here.took(many_blocks);
        send_waiting_reports(context, here, sk);
    }
    if (count == tcp_num_sacks) {
        here.took(oldest_block_forgotten);
        --count;
    }
    std::copy_backward(blocks.begin(), blocks.begin() + count, blocks.begin() + count + 1);
    blocks[0] = block;
    ++count;
}

}  // namespace

void tcp_sack_new_ofo_skb(receive_context& context, kernel_call& here, tcp_sock& sk, tcp_sequence seq,
                          tcp_sequence end_seq) {
    auto& blocks = sk.selective_acks;
    here.took(blocks_looked_through);
    if (sk.rx_opt.num_sacks == 0) {
        here.took(first_block_of_waiting);
        blocks[0] = {seq, end_seq};
        sk.rx_opt.num_sacks = 1;
        return;
    }
    for (std::size_t i = 0; i < sk.rx_opt.num_sacks; ++i) {
        if (i > 0) here.took(next_block);
        here.took(block_end_compared);
        if (touches(here, blocks[i], seq, end_seq)) return grow_block(context, here, sk, i, seq, end_seq);
        here.took(block_untouched);
    }
    add_block(context, here, sk, {seq, end_seq});
}

void tcp_sack_remove(kernel_call& here, tcp_sock& sk) {
    auto& count = sk.rx_opt.num_sacks;
    if (count == 0) return;
    if (sk.out_of_order_queue.empty()) {
        here.took(blocks_all_removed);
        count = 0;
        return;
    }
    auto& blocks = sk.selective_acks;
    const auto reached = [&](const sack_block& block) { return !before(sk.rcv_nxt, block.start_seq); };
    here.took(blocks_looked_over);
    for (std::size_t i = 0; i < count;) {
        here.took(reached(blocks[i]) ? block_removed : block_kept);
        if (!reached(blocks[i])) {
            ++i;
            continue;
        }
        if (i + 1 < count) here.took(blocks_moved_down);
        std::copy(blocks.begin() + i + 1, blocks.begin() + count, blocks.begin() + i);
        --count;
    }
}

bool reports_duplicates(const tcp_sock& sk) { return sk.rx_opt.sack_ok && sk.skc_sockets->sysctls().tcp_dsack != 0; }

}  // namespace rxpath
