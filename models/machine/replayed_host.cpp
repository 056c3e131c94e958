#include "models/machine/replayed_host.h"

namespace rxpath {

namespace {

struct segment_view {
    ipv4_header_view ip;
    tcp_header_view tcp;
};

std::optional<segment_view> tcp_of(const packet& frame) {
    const byte_view bytes{frame.bytes.data(), frame.bytes.size()};
    const auto ip = ipv4_header_view::at(bytes, 0);
    if (!ip || ip->protocol() != ipproto_tcp || ip->is_fragment()) return std::nullopt;
    const auto tcp = tcp_header_view::at(bytes, ip->ihl() * 4u);
    if (!tcp) return std::nullopt;
    return segment_view{*ip, *tcp};
}

std::uint32_t payload_of(const ipv4_header_view& ip, const tcp_header_view& tcp) {
    const std::uint32_t headers = ip.ihl() * 4u + tcp.doff() * 4u;
    return ip.tot_len() > headers ? ip.tot_len() - headers : 0;
}

}  // namespace

replayed_host::replayed_host(const replay_spec& spec, host_module& host) : m_spec(spec), m_host(host) {
    for (const auto& frame : spec.frames) note(frame);
}

void replayed_host::note(const capture_frame& frame) {
    const auto segment = tcp_of(frame.frame);
    if (!segment) return;
    const auto& [ip, tcp] = *segment;
    const auto key = frame.sent ? connection_key{tcp.source(), ip.daddr(), tcp.dest()}
                                : connection_key{tcp.dest(), ip.saddr(), tcp.source()};
    auto& known = m_connections[key];
    const bool begins = tcp.syn() || tcp.rst();
    if (!known.begun && !begins) establish(key, ip, tcp, frame.sent);
    known.begun = true;
    if (frame.sent) note_sent(key, ip, tcp);
}

// A SYN-ACK: somebody listens, and this is the sequence number that the model's SYN-ACK must have.
void replayed_host::note_sent(const connection_key& key, const ipv4_header_view& /*ip*/, const tcp_header_view& tcp) {
    if (!tcp.syn()) return;
    const auto& [port, peer, peer_port] = key;
    const endpoint local{m_spec.local, port};
    if (!m_host.net().sockets.listens(local)) {
        listen_spec listener;
        listener.local = local;
        m_host.listen(listener);
    }
    m_host.net().sockets.expect_isn({peer, peer_port}, tcp.seq());
    m_connections[key].next_sent = tcp.seq() + 1;
}

// The connection began before the capture: its sequence numbers are those of its first segment.
void replayed_host::establish(const connection_key& key, const ipv4_header_view& /*ip*/, const tcp_header_view& tcp,
                              bool sent) {
    const auto& [port, peer, peer_port] = key;
    const auto rcv_nxt = sent ? tcp.ack_seq() : tcp.seq();
    const auto snd_nxt = sent ? tcp.seq() : tcp.ack_seq();
    auto& sk = m_host.net().sockets.establish({m_spec.local, port}, {peer, peer_port}, rcv_nxt, snd_nxt, tcp.window());
    m_host.application().own(sk);
    m_connections[key].next_sent = snd_nxt;
}

void replayed_host::sent(const packet& frame) {
    const auto segment = tcp_of(frame);
    if (!segment) return;
    const auto& [ip, tcp] = *segment;
    if (tcp.syn() || tcp.rst()) return;
    auto& known = m_connections[{tcp.source(), ip.daddr(), tcp.dest()}];
    const endpoint local{m_spec.local, tcp.source()}, peer{ip.daddr(), tcp.dest()};
    const auto end = tcp.seq() + payload_of(ip, tcp);
    if (after(end, known.next_sent)) {
        m_host.application().send(local, peer, end - known.next_sent);
        known.next_sent = end;
    }
    if (tcp.fin()) m_host.application().close(local, peer);
}

}  // namespace rxpath
