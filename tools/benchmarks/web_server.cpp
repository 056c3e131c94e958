#include "web_server.h"

#include <benchmark/benchmark.h>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/tcp_ipv4.h"

namespace rxpath {

namespace {

constexpr endpoint server{{0x0a000001}, {80}};
constexpr std::uint32_t first_client = 0x0b000000, ephemeral_ports = 28232;
constexpr std::size_t ip_header = 20, tcp_header = 20, request_bytes = 100;
constexpr picoseconds between_connections = microseconds(10);
constexpr std::size_t ehash_entries = 1 << 20;  // booted for a million connections: thash_entries=1048576

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> 8 * (width - 1 - i));
}

sk_buff make_segment(endpoint peer, std::uint8_t flags, tcp_sequence seq, tcp_sequence ack, std::size_t payload) {
    packet made;
    made.bytes.assign(ip_header + tcp_header + payload, 0);
    made.length = {made.bytes.size()};
    auto& bytes = made.bytes;
    put(bytes, 0, 0x45, 1);
    put(bytes, 9, ipproto_tcp, 1);
    put(bytes, 12, peer.address.value, 4);
    put(bytes, 16, server.address.value, 4);
    put(bytes, 20, peer.port.value, 2);
    put(bytes, 22, server.port.value, 2);
    put(bytes, 24, seq.value, 4);
    put(bytes, 28, ack.value, 4);
    put(bytes, 32, tcp_header / 4 << 4, 1);
    put(bytes, 33, flags, 1);
    put(bytes, 34, 65535, 2);
    sk_buff skb;
    skb.fill(made, made.length);
    skb.skb_iif = 2;
    skb.truesize = 832;
    skb.pull(ip_header);
    skb.transport_header = ip_header;
    return skb;
}

}  // namespace

web_server::web_server(std::size_t connections)
    : m_sockets(reinterpret_cast<network_namespace*>(&m_identity), m_sysctls, ehash_entries),
      m_listener(m_sockets.listen(server)) {
    for (std::size_t number = 0; number < connections; ++number) {
        connect(client(number));
        m_context.now += between_connections;
        m_sockets.run_timers(m_context, m_context.now);
    }
}

endpoint web_server::client(std::size_t number) {
    const auto scattered = static_cast<std::uint32_t>(number * 2654435761 >> 7);
    return {{first_client + static_cast<std::uint32_t>(number)},
            {static_cast<std::uint16_t>(32768 + scattered % ephemeral_ports)}};
}

void web_server::connect(endpoint peer) {
    const tcp_sequence isn{1000};
    const auto server_isn = receive(peer, tcphdr_syn, isn, {0}, 0);
    receive(peer, tcphdr_ack, isn + 1, server_isn + 1, 0);
    auto& connection = *m_sockets.accept(m_listener);
    receive(peer, tcphdr_ack | tcphdr_psh, isn + 1, server_isn + 1, request_bytes);
    m_sockets.recv_all(m_context, connection);
}

tcp_sequence web_server::receive(endpoint peer, std::uint8_t flags, tcp_sequence seq, tcp_sequence ack,
                                 std::size_t payload) {
    m_trace.clear();
    m_context.sent.clear();
    m_context.woken.clear();
    auto skb = make_segment(peer, flags, seq, ack, payload);
    tcp_v4_rcv(m_context, m_sockets, skb);
    return m_context.sent.empty() ? tcp_sequence{} : m_context.sent.back().seq;
}

void web_server::look_up(endpoint peer) {
    m_trace.clear();
    auto* sk = __inet_lookup_established(m_context, m_sockets.hashinfo(), *m_sockets.net(), peer.address, peer.port,
                                         server.address, server.port, 2, 0);
    benchmark::DoNotOptimize(sk);
    sock_put(m_context, *sk);
}

std::size_t web_server::entries_passed() const {
    std::size_t passed = 0;
    for (const auto& taken : m_trace.steps())
        if (m_trace.calls()[taken.call].function == fn::__inet_lookup_established &&
            taken.step == static_cast<std::uint8_t>(path::__inet_lookup_established::entry_passed))
            passed += taken.times;
    return passed;
}

}  // namespace rxpath
