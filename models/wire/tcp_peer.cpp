#include "models/wire/tcp_peer.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr picoseconds first_timeout{picoseconds_per_second}, longest_timeout{120 * picoseconds_per_second};
constexpr std::uint32_t tcp_syn_retries = 6, tcp_retries2 = 15;
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

void tcp_peer::restart_timer(picoseconds now) {
    m_timer_started = now;
    m_timeout = first_timeout;
    m_timeouts = 0;
}

// A time-out has passed: the next one is twice as long. False when it was the last one.
bool tcp_peer::back_off(picoseconds now) {
    const auto most = m_state == state::syn_sent ? tcp_syn_retries : tcp_retries2;
    if (m_timeouts++ == most) give_up();
    m_timer_started = now;
    m_timeout = std::min(m_timeout * 2, longest_timeout);
    return m_state != state::lost;
}

std::optional<picoseconds> tcp_peer::ready_at(std::optional<byte_count> wants_to_send) const {
    if (m_state == state::lost) return std::nullopt;
    if (m_state == state::closed || m_state == state::done || m_snd_nxt != m_snd_max) return picoseconds{};
    if (m_snd_una != m_snd_max) {
        const bool has_room = wants_to_send && has_room_for(static_cast<std::uint32_t>(wants_to_send->value));
        return has_room ? picoseconds{} : m_timer_started + m_timeout;
    }
    if (m_state != state::established || !wants_to_send) return std::nullopt;
    return has_room_for(static_cast<std::uint32_t>(wants_to_send->value)) ? picoseconds{} : m_timer_started + m_timeout;
}

void tcp_peer::connect(picoseconds now, packet_sink& sink, std::size_t device) {
    m_snd_una = m_snd_nxt = m_snd_max + sequence_gap;
    m_segments = 0;
    m_duplicate_acks = 0;
    emit(tcphdr_syn, {}, sink, device);
    m_snd_nxt = m_snd_max = m_data_end = m_first_of_data = m_snd_nxt + 1;
    restart_timer(now);
    m_state = state::syn_sent;
}

bool tcp_peer::send(byte_count payload, picoseconds now, packet_sink& sink, std::size_t device) {
    if (retransmit(now, sink, device) || m_state != state::established) return false;
    m_segment_size = static_cast<std::uint32_t>(payload.value);
    if (!has_room_for(m_segment_size)) return probe_window(now, sink, device);
    if (m_snd_una == m_snd_max) restart_timer(now);
    emit(tcphdr_ack | tcphdr_psh, payload, sink, device);
    m_snd_nxt = m_snd_max = m_data_end = m_snd_nxt + m_segment_size;
    ++m_segments;
    return true;
}

// RFC 9293 §3.8.6.1, as Linux does it: a segment of no bytes before the window, which the host must answer.
bool tcp_peer::probe_window(picoseconds now, packet_sink& sink, std::size_t device) {
    const bool is_closed = m_snd_una == m_snd_max && timed_out(now);
    if (!is_closed || !back_off(now)) return false;
    m_snd_nxt = m_snd_nxt - 1;
    emit(tcphdr_ack, {}, sink, device);
    m_snd_nxt = m_snd_max;
    return false;
}

void tcp_peer::close(picoseconds now, packet_sink& sink, std::size_t device) {
    if (retransmit(now, sink, device) || m_state != state::established) return;
    emit_fin(now, sink, device);
    m_state = state::fin_wait;
}

void tcp_peer::emit_fin(picoseconds now, packet_sink& sink, std::size_t device) {
    emit(tcphdr_ack | tcphdr_fin, {}, sink, device);
    m_snd_nxt = m_snd_max = m_snd_nxt + 1;
    restart_timer(now);
}

// Its last ACK seems lost: the FIN of a connection that is done comes again, and meets the host's TIME_WAIT.
void tcp_peer::repeat_fin(packet_sink& sink, std::size_t device) {
    m_snd_nxt = m_snd_nxt - 1;
    emit(tcphdr_ack | tcphdr_fin, {}, sink, device);
    m_snd_nxt = m_snd_nxt + 1;
    m_state = state::closed;
}

bool tcp_peer::retransmit(picoseconds now, packet_sink& sink, std::size_t device) {
    if (m_snd_una == m_snd_max) return false;
    if (timed_out(now)) {
        if (!back_off(now)) return false;
        m_snd_nxt = m_snd_una;
    }
    if (m_snd_nxt == m_snd_max) return false;
    emit_next_again(sink, device);
    return true;
}

void tcp_peer::emit_next_again(packet_sink& sink, std::size_t device) {
    if (m_state == state::syn_sent) {
        emit(tcphdr_syn, {}, sink, device);
        m_snd_nxt = m_snd_max;
    } else if (m_snd_nxt != m_data_end) {
        const auto size = std::min(m_segment_size, m_data_end - m_snd_nxt);
        emit(tcphdr_ack | tcphdr_psh, {size}, sink, device);
        m_snd_nxt = m_snd_nxt + size;
    } else {
        emit(tcphdr_ack | tcphdr_fin, {}, sink, device);
        m_snd_nxt = m_snd_max;
    }
}

void tcp_peer::hear(const sent_packet& sent, picoseconds now, packet_sink& sink, std::size_t device) {
    if (m_state == state::lost) return;
    if (sent.kind == sent_kind::reset) {
        if (m_state != state::closed && !after(m_snd_una, m_first_of_data)) ++m_refusals;
        m_state = state::closed;
    } else if (sent.kind == sent_kind::syn_ack) {
        m_rcv_nxt = sent.seq + 1;
        if (m_state == state::syn_sent) m_state = state::established;
        hear_ack(sent, now);
        emit(tcphdr_ack, {}, sink, device);
    } else if (m_state != state::closed) {
        hear_ack(sent, now);
        if (sent.kind == sent_kind::fin) hear_fin(sent, now, sink, device);
    }
}

void tcp_peer::hear_ack(const sent_packet& sent, picoseconds now) {
    const bool same_window = sent.window == m_window;
    m_window = sent.window;
    if (after(sent.ack_seq, m_snd_una)) {
        m_snd_una = sent.ack_seq;
        if (before(m_snd_nxt, m_snd_una)) m_snd_nxt = m_snd_una;
        m_duplicate_acks = 0;
        restart_timer(now);
        if (after(m_snd_una, m_first_of_data)) m_refusals = 0;
        if (m_state == state::last_ack && m_snd_una == m_snd_nxt) m_state = state::done;
    } else if (same_window && m_snd_nxt != m_snd_una && ++m_duplicate_acks == duplicate_acks_before_resend) {
        m_snd_nxt = m_snd_una;
    }
}

// The host has closed its side: acknowledged; if this side is open still, it closes too.
void tcp_peer::hear_fin(const sent_packet& sent, picoseconds now, packet_sink& sink, std::size_t device) {
    m_rcv_nxt = sent.seq + 1;
    emit(tcphdr_ack, {}, sink, device);
    if (m_state == state::established) {
        m_snd_nxt = m_snd_max;
        emit_fin(now, sink, device);
        m_state = state::last_ack;
    } else {
        m_state = state::closed;
    }
}

}  // namespace rxpath
