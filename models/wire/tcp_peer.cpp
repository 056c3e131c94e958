#include "models/wire/tcp_peer.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr picoseconds retransmission_timeout{picoseconds_per_second};
constexpr std::uint32_t duplicate_acks_before_resend = 3;
constexpr std::uint16_t mss = 1460;
constexpr std::uint32_t sequence_gap = 100'000;  // from one connection to the next, so that TIME_WAIT accepts its SYN

}  // namespace

void tcp_peer::emit(std::uint8_t flags, byte_count payload, packet_sink& sink, std::size_t device) {
    tcp_segment segment;
    segment.from = m_own;
    segment.to = m_host;
    segment.seq = m_snd_nxt;
    segment.ack_seq = (flags & tcphdr_ack) != 0 ? m_rcv_nxt : tcp_sequence{};
    segment.flags = flags;
    segment.mss = (flags & tcphdr_syn) != 0 ? mss : std::uint16_t{0};
    segment.payload = payload;
    build_tcp(m_frame, segment, m_id++);
    sink.emit(m_frame, device);
}

void tcp_peer::connect(picoseconds now, packet_sink& sink, std::size_t device) {
    m_snd_una = m_snd_nxt = m_snd_max = m_snd_max + sequence_gap;
    m_segments = 0;
    m_duplicate_acks = 0;
    emit(tcphdr_syn, {}, sink, device);
    m_snd_nxt = m_snd_max = m_snd_nxt + 1;
    m_last_progress = now;
    m_state = state::syn_sent;
}

bool tcp_peer::send(byte_count payload, picoseconds now, packet_sink& sink, std::size_t device) {
    const auto size = static_cast<std::uint32_t>(payload.value);
    const auto in_flight = m_snd_nxt - m_snd_una;
    if (in_flight > 0 && now - m_last_progress > retransmission_timeout) {
        m_snd_nxt = m_snd_una;
        m_last_progress = now;
    } else if (in_flight + size > m_window) {
        return false;
    }
    emit(tcphdr_ack | tcphdr_psh, payload, sink, device);
    if (in_flight == 0) m_last_progress = now;
    m_snd_nxt = m_snd_nxt + size;
    if (!after(m_snd_nxt, m_snd_max)) return true;  // sent before
    m_snd_max = m_snd_nxt;
    ++m_segments;
    return true;
}

void tcp_peer::close(picoseconds now, packet_sink& sink, std::size_t device) {
    emit(tcphdr_ack | tcphdr_fin, {}, sink, device);
    m_snd_nxt = m_snd_max = m_snd_nxt + 1;
    m_last_progress = now;
    m_state = state::fin_wait;
}

// Its last ACK seems lost: the FIN of a connection that is done comes again, and meets the host's TIME_WAIT.
void tcp_peer::repeat_fin(packet_sink& sink, std::size_t device) {
    m_snd_nxt = m_snd_nxt - 1;
    emit(tcphdr_ack | tcphdr_fin, {}, sink, device);
    m_snd_nxt = m_snd_nxt + 1;
    m_state = state::closed;
}

void tcp_peer::retransmit(picoseconds now, packet_sink& sink, std::size_t device) {
    if (now - m_last_progress < retransmission_timeout) return;
    m_last_progress = now;
    const auto flags = m_state == state::syn_sent ? tcphdr_syn : static_cast<std::uint8_t>(tcphdr_ack | tcphdr_fin);
    m_snd_nxt = m_snd_nxt - 1;
    emit(flags, {}, sink, device);
    m_snd_nxt = m_snd_nxt + 1;
}

void tcp_peer::hear(const sent_packet& sent, picoseconds now, packet_sink& sink, std::size_t device) {
    if (sent.kind == sent_kind::reset) {
        m_state = state::closed;
    } else if (sent.kind == sent_kind::syn_ack) {
        m_rcv_nxt = sent.seq + 1;
        if (m_state == state::syn_sent) m_state = state::established;
        hear_ack(sent, now);
        emit(tcphdr_ack, {}, sink, device);
    } else if (m_state != state::closed) {
        hear_ack(sent, now);
        if (sent.kind == sent_kind::fin) hear_fin(sent, sink, device);
    }
}

void tcp_peer::hear_ack(const sent_packet& sent, picoseconds now) {
    const bool same_window = sent.window == m_window;
    m_window = sent.window;
    if (after(sent.ack_seq, m_snd_una)) {
        m_snd_una = sent.ack_seq;
        if (before(m_snd_nxt, m_snd_una)) m_snd_nxt = m_snd_una;
        m_duplicate_acks = 0;
        m_last_progress = now;
        if (m_state == state::last_ack && m_snd_una == m_snd_nxt) m_state = state::done;
    } else if (same_window && m_snd_nxt != m_snd_una && ++m_duplicate_acks == duplicate_acks_before_resend) {
        m_snd_nxt = m_snd_una;
    }
}

// The host has closed its side: acknowledged; if this side is open still, it closes too.
void tcp_peer::hear_fin(const sent_packet& sent, packet_sink& sink, std::size_t device) {
    m_rcv_nxt = sent.seq + 1;
    emit(tcphdr_ack, {}, sink, device);
    if (m_state == state::established) {
        emit(tcphdr_ack | tcphdr_fin, {}, sink, device);
        m_snd_nxt = m_snd_max = m_snd_nxt + 1;
        m_state = state::last_ack;
    } else {
        m_state = state::closed;
    }
}

}  // namespace rxpath
