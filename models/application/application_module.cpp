#include "models/application/application_module.h"

#include <cmath>

namespace rxpath {

application_module::application_module(const sc_core::sc_module_name& name, const host_spec& spec, softirq_run& run,
                                       network_namespace& net, measurements& result, bool closes_at_eof)
    : sc_module(name), m_spec(spec), m_run(run), m_net(net), m_result(result), m_closes_at_eof(closes_at_eof) {}

void application_module::own(sock& sk) {
    auto opened = std::make_unique<open_socket>();
    opened->sk = &sk;
    for (const auto& rule : m_closing_rules)
        if (sk.skc_daddr == rule.peer && sk.local() == rule.local) opened->close_after = rule.packets;
    sk.sk_user_data = opened.get();
    m_open.emplace(&sk, std::move(opened));
}

void application_module::close_after(ipv4_address peer, endpoint local, std::uint32_t packets) {
    m_closing_rules.push_back({peer, local, packets});
}

void application_module::charge(cycles worked, std::uint64_t packets) {
    m_result.stages[static_cast<std::size_t>(stage::application)].core_cycles += worked.value;
    m_result.stage_packets[static_cast<std::size_t>(stage::application)] += packets;
}

void application_module::submit(cycles length, sock& sk, task what) {
    m_run.cpu().submit(length, [this, &sk, what] { run(sk, what); });
}

// A task that finds its socket closed meanwhile does nothing.
void application_module::run(sock& sk, task what) {
    if (m_open.count(&sk) != 0) (this->*what)(sk);
}

void application_module::wake(sock_common& woken) {
    auto& sk = static_cast<sock&>(woken);
    if (sk.sk_user_data == nullptr || opened(sk).scheduled) return;  // not accepted yet, or being read already
    opened(sk).scheduled = true;
    const cycles wakeup{m_spec.application.wakeup_cycles};
    charge(wakeup, 0);
    const task first = sk.skc_state == TCP_LISTEN ? &application_module::accept_all : &application_module::start_read;
    m_run.cpu().submit_from_softirq(wakeup, [this, &sk, first] { run(sk, first); });
}

void application_module::accept_all(sock& sk) {
    opened(sk).scheduled = false;
    while (auto* child = m_net.sockets.accept(static_cast<tcp_sock&>(sk))) {
        ++m_result.connections_established;
        own(*child);
        if (!child->sk_receive_queue.empty() || child->sk_done) schedule_read(*child);
    }
}

void application_module::schedule_read(sock& sk) {
    opened(sk).scheduled = true;
    submit({}, sk, &application_module::start_read);
}

// recvmsg(): takes all that is there of a connection, one datagram of a UDP socket. The packets it has taken are read
// when the copy is done.
void application_module::start_read(sock& sk) {
    auto& read = opened(sk).read;
    read = m_net.sockets.recv(m_run.begin_task(), sk);
    std::uint64_t bytes = 0;
    for (const auto& packet : read) bytes += packet.bytes;
    const auto work = m_run.end_task();
    const auto copy = std::llround(static_cast<double>(bytes) / m_spec.application.copy_bytes_per_cycle);
    const cycles length{m_spec.application.read_cycles + static_cast<std::uint64_t>(copy)};
    charge(length, read.size());
    submit(length + work, sk, &application_module::finish_read);
}

void application_module::finish_read(sock& sk) {
    auto& reader = opened(sk);
    for (const auto& packet : reader.read) {
        if (packet.bytes == 0 && sk.skc_protocol == ipproto_tcp) continue;  // a FIN
        m_run.read(packet.number, packet.arrival, m_run.cpu().now());
        ++reader.packets_read;
    }
    reader.scheduled = false;
    const bool has_read_enough = reader.close_after != 0 && reader.packets_read >= reader.close_after;
    if (has_read_enough || (sk.sk_done && m_closes_at_eof))
        close_socket(sk);
    else if (!sk.sk_receive_queue.empty())
        schedule_read(sk);
}

void application_module::close_socket(sock& sk) {
    sk.sk_user_data = nullptr;
    m_open.erase(&sk);
    m_net.sockets.close(m_run.begin_task(), sk);
    m_run.end_task();
}

sock* application_module::connection(endpoint local, endpoint peer) {
    for (const auto& [sk, opened] : m_open)
        if (sk->local() == local && sk->peer() == peer) return sk;
    return nullptr;
}

std::vector<const sock_common*> application_module::open_sockets() const {
    std::vector<const sock_common*> sockets;
    for (const auto& [sk, opened] : m_open) sockets.push_back(sk);
    return sockets;
}

void application_module::send(endpoint local, endpoint peer, std::uint32_t bytes) {
    auto* sk = connection(local, peer);
    if (sk == nullptr) return;
    m_net.sockets.send(m_run.begin_task(), static_cast<tcp_sock&>(*sk), bytes);
    m_run.end_task();
}

void application_module::close(endpoint local, endpoint peer) {
    if (auto* sk = connection(local, peer)) close_socket(*sk);
}

}  // namespace rxpath
