#include "tools/measurement/measured_flows.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "models/base/headers.h"
#include "tools/measurement/time_stamp_counter.h"

namespace rxpath {

namespace {

constexpr std::uint32_t first_sequence = 1000;
constexpr std::uint16_t mss = 1460;
constexpr int backlog = 16;                      // each connection is accepted before the next begins
constexpr std::uint32_t other_descriptors = 64;  // beside those of the connections

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

void allow_descriptors(rlim_t wanted) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted;
    limit.rlim_max = std::max(limit.rlim_max, wanted);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail(fmt::format("{} open files", wanted));
}

descriptor listen_at(const endpoint& local) {
    descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(local.address.value);
    address.sin_port = htons(local.port.value);
    const bool bound = bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (!bound || listen(listener.get(), backlog) != 0) fail("listen " + local.to_string());
    return listener;
}

// Closing it is a reset: nothing lingers.
descriptor accept_on(const descriptor& listener) {
    descriptor accepted(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (accepted.get() < 0) fail("accept()");
    const linger at_once{1, 0};
    setsockopt(accepted.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return accepted;
}

tcp_segment segment_of(std::uint32_t flow) {
    tcp_segment segment;
    segment.from = measured_client(flow);
    segment.to = measured_server;
    segment.seq = {first_sequence};
    return segment;
}

std::uint32_t sequence_of_syn_ack(const std::vector<std::uint8_t>& sent) {
    const auto tcp = tcp_header_view::at({sent.data(), sent.size()}, ipv4_header_view::size);
    if (!tcp || !tcp->syn() || !tcp->ack()) throw std::runtime_error("the kernel did not answer a SYN with a SYN-ACK");
    return tcp->seq().value;
}

}  // namespace

measured_flows::measured_flows(tap_host& host, const measured_configuration& configuration)
    : m_host(host),
      m_listener(listen_at(measured_server)),
      m_payload(configuration.ack_only != 0 ? 0 : configuration.payload) {
    allow_descriptors(configuration.flows + other_descriptors);
    m_flows.reserve(configuration.flows);
    while (m_flows.size() < configuration.flows) connect(count());
}

void measured_flows::prepare(const tcp_segment& segment) {
    build_tcp(m_packet, segment, 1);
    tap_host::make_frame(m_packet, m_frame);
}

void measured_flows::connect(std::uint32_t number) {
    auto syn = segment_of(number);
    syn.flags = tcphdr_syn;
    syn.mss = mss;
    prepare(syn);
    m_host.receive(m_frame);
    auto ack = segment_of(number);
    ack.seq = {first_sequence + 1};
    ack.ack_seq = {sequence_of_syn_ack(m_host.read_sent()) + 1};
    prepare(ack);
    m_host.receive(m_frame);
    m_flows.push_back({ack.seq.value, ack.ack_seq.value, accept_on(m_listener)});
}

std::uint64_t measured_flows::send_next() {
    auto& sender = m_flows[m_next];
    auto segment = segment_of(m_next);
    segment.seq = {sender.snd_nxt};
    segment.ack_seq = {sender.rcv_nxt};
    segment.flags = m_payload == 0 ? tcphdr_ack : tcphdr_ack | tcphdr_psh;
    segment.payload = {m_payload};
    prepare(segment);
    const auto begin = tsc_begin();
    m_host.receive(m_frame);
    const auto ticks = tsc_end() - begin;
    sender.snd_nxt += m_payload;
    drain(sender);
    m_next = m_next + 1 == count() ? 0 : m_next + 1;
    return ticks;
}

void measured_flows::drain(const flow& drained) {
    std::array<char, 2048> buffer;
    const auto size = m_payload == 0 ? 0 : recv(drained.accepted.get(), buffer.data(), buffer.size(), 0);
    if (size != static_cast<ssize_t>(m_payload)) throw std::runtime_error("a segment did not reach its socket");
    while (!m_host.read_sent().empty()) continue;
}

}  // namespace rxpath
