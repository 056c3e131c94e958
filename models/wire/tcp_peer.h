// One TCP connection as the host's peer sees it (RFC 9293): connects, sends segments within the host's window, closes.
// Lost segments are sent again from the first unacknowledged byte on, after three duplicate ACKs (RFC 5681 §3.2) or
// when a time-out passes without progress (RFC 6298's least, 1 s). Left out: congestion control, options but the MSS.
#pragma once

#include "models/base/receive_context.h"
#include "models/wire/frame_builder.h"
#include "models/wire/traffic.h"

namespace rxpath {

class tcp_peer {
public:
    enum class state : std::uint8_t { closed, syn_sent, established, fin_wait, last_ack, done };

    tcp_peer(endpoint own, endpoint host, tcp_sequence first_sequence)
        : m_own(own), m_host(host), m_snd_una(first_sequence), m_snd_nxt(first_sequence) {}

    state current() const { return m_state; }
    endpoint own() const { return m_own; }
    endpoint host() const { return m_host; }
    // Segments of payload in this connection so far, each counted once.
    std::uint64_t segments_sent() const { return m_segments; }

    void connect(picoseconds now, packet_sink& sink, std::size_t device);
    // One segment; false when the host's window is full, or after a time-out only the lost one goes out again.
    bool send(byte_count payload, picoseconds now, packet_sink& sink, std::size_t device);
    void close(picoseconds now, packet_sink& sink, std::size_t device);
    void repeat_fin(packet_sink& sink, std::size_t device);
    // A lost SYN or FIN once more.
    void retransmit(picoseconds now, packet_sink& sink, std::size_t device);
    void hear(const sent_packet& sent, picoseconds now, packet_sink& sink, std::size_t device);

private:
    void emit(std::uint8_t flags, byte_count payload, packet_sink& sink, std::size_t device);
    void hear_ack(const sent_packet& sent, picoseconds now);
    void hear_fin(const sent_packet& sent, packet_sink& sink, std::size_t device);

    endpoint m_own, m_host;
    state m_state = state::closed;
    tcp_sequence m_snd_una, m_snd_nxt, m_rcv_nxt;
    tcp_sequence m_snd_max;  // beyond the highest byte ever sent
    std::uint32_t m_window = 0;
    std::uint32_t m_duplicate_acks = 0;
    std::uint64_t m_segments = 0;
    picoseconds m_last_progress{};
    std::uint16_t m_id = 1;
    packet m_frame;
};

}  // namespace rxpath
