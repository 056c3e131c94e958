// One TCP connection as the host's peer sees it (RFC 9293): connects, sends segments within the host's window, closes.
// Lost segments are sent again from the first unacknowledged byte on, after three duplicate ACKs (RFC 5681 §3.2) or
// when a time-out passes without progress (RFC 6298's least, 1 s), which doubles each time (to 120 s, as Linux's
// TCP_RTO_MAX). A window that stays closed is probed at the same times. The peer gives up as Linux does: after
// net.ipv4.tcp_syn_retries (6) SYNs more, or after net.ipv4.tcp_retries2 (15) time-outs in a row; it is lost then.
// Left out: congestion control, options but the MSS.
#pragma once

#include <optional>

#include "models/base/receive_context.h"
#include "models/wire/frame_builder.h"
#include "models/wire/traffic.h"

namespace rxpath {

class tcp_peer {
public:
    enum class state : std::uint8_t { closed, syn_sent, established, fin_wait, last_ack, done, lost };

    tcp_peer(endpoint own, endpoint host, tcp_sequence first_sequence)
        : m_own(own), m_host(host), m_snd_una(first_sequence), m_snd_nxt(first_sequence) {}

    state current() const { return m_state; }
    endpoint own() const { return m_own; }
    endpoint host() const { return m_host; }
    // Segments of payload in this connection so far, each counted once.
    std::uint64_t segments_sent() const { return m_segments; }

    // Connections in a row that the host has reset before it acknowledged a segment.
    std::uint32_t refusals() const { return m_refusals; }
    // When it has something to do in its turn: from then on, or not before the host has sent something.
    // `wants_to_send`: it may send so many bytes more.
    std::optional<picoseconds> ready_at(std::optional<byte_count> wants_to_send) const;

    void connect(picoseconds now, packet_sink& sink, std::size_t device);
    // A new segment when the host's window has room and nothing lost has to go out first; true when it was one.
    bool send(byte_count payload, picoseconds now, packet_sink& sink, std::size_t device);
    void close(picoseconds now, packet_sink& sink, std::size_t device);
    void repeat_fin(packet_sink& sink, std::size_t device);
    // What is lost once more: SYN, data or FIN. False when nothing is, or it is not time yet.
    bool retransmit(picoseconds now, packet_sink& sink, std::size_t device);
    void give_up() { m_state = state::lost; }
    void hear(const sent_packet& sent, picoseconds now, packet_sink& sink, std::size_t device);

private:
    void emit(std::uint8_t flags, byte_count payload, packet_sink& sink, std::size_t device);
    void emit_fin(picoseconds now, packet_sink& sink, std::size_t device);
    void emit_next_again(packet_sink& sink, std::size_t device);
    bool probe_window(picoseconds now, packet_sink& sink, std::size_t device);
    void hear_ack(const sent_packet& sent, picoseconds now);
    void hear_fin(const sent_packet& sent, picoseconds now, packet_sink& sink, std::size_t device);
    void restart_timer(picoseconds now);
    bool timed_out(picoseconds now) const { return now - m_timer_started >= m_timeout; }
    bool back_off(picoseconds now);
    bool has_room_for(std::uint32_t size) const { return m_snd_nxt - m_snd_una + size <= m_window; }

    endpoint m_own, m_host;
    state m_state = state::closed;
    tcp_sequence m_snd_una, m_snd_nxt, m_rcv_nxt;
    tcp_sequence m_first_of_data;
    tcp_sequence m_snd_max;   // beyond all that was ever sent
    tcp_sequence m_data_end;  // the same without the FIN
    std::uint32_t m_window = 0;
    std::uint32_t m_segment_size = 0;
    std::uint32_t m_duplicate_acks = 0;
    std::uint64_t m_segments = 0;
    picoseconds m_timer_started{}, m_timeout{};
    std::uint32_t m_timeouts = 0;  // in a row
    std::uint32_t m_refusals = 0;
    std::uint16_t m_id = 1;
    packet m_frame;
};

}  // namespace rxpath
