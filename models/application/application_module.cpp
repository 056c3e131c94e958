#include "models/application/application_module.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rxpath {

application_module::application_module(const sc_core::sc_module_name& name, const host_spec& spec, kernel_task& kernel,
                                       network_namespace& net, bool closes_at_eof)
    : sc_module(name), m_spec(spec), m_kernel(kernel), m_net(net), m_closes_at_eof(closes_at_eof) {}

void application_module::own(sock& sk) {
    auto opened = std::make_unique<open_socket>();
    opened->sk = &sk;
    for (auto& rule : m_closing_rules)
        if (sk.skc_daddr == rule.peer && sk.local() == rule.local) opened->rule = &rule;
    if (opened->rule != nullptr) opened->rule->open.push_back(&sk);
    sk.sk_user_data = opened.get();
    m_open.emplace(&sk, std::move(opened));
}

void application_module::close_after(ipv4_address peer, endpoint local, std::uint64_t packets, std::uint64_t in_all) {
    m_closing_rules.push_back({peer, local, packets, in_all});
}

bool application_module::has_read_enough(const open_socket& reader) {
    if (reader.rule == nullptr) return false;
    const auto& rule = *reader.rule;
    const bool of_connection = rule.packets != 0 && reader.packets_read >= rule.packets;
    return of_connection || (rule.in_all != 0 && rule.read >= rule.in_all);
}

// Connections on which nothing will come any more.
void application_module::close_idle(closing_rule& rule) {
    const auto open = rule.open;
    for (auto* sk : open)
        if (!opened(*sk).scheduled && has_read_enough(opened(*sk))) close_socket(*sk);
}

void application_module::charge(fixed_cost what, cycles taken) {
    m_kernel.observers().tell(&run_observer::charged_fixed, fixed_charged{stage::application, what, taken});
}

void application_module::share(fixed_cost what, cycles whole, const packet_numbers& packets) {
    m_kernel.observers().tell(&run_observer::shared_fixed, fixed_shared{what, whole, packets});
}

void application_module::submit(cycles length, sock& sk, task what) {
    opened(sk).next = what;
    m_kernel.cpu().submit(task_source::application, length, [this, &sk] { run(sk); });
}

// A task that finds its socket closed meanwhile does nothing.
void application_module::run(sock& sk) {
    if (m_open.count(&sk) == 0) return;
    if (const auto next = std::exchange(opened(sk).next, nullptr)) (this->*next)(sk);
}

void application_module::woken(const socket_woken& socket) {
    auto& sk = static_cast<sock&>(socket.sk);
    if (sk.sk_user_data == nullptr || opened(sk).scheduled) return;  // not accepted yet, or being read already
    opened(sk).scheduled = true;
    const cycles wakeup{m_spec.application.wakeup_cycles};
    charge(fixed_cost::wakeup, wakeup);
    opened(sk).wakeup = wakeup;
    opened(sk).woken_by = socket.by;
    opened(sk).next = sk.skc_state == TCP_LISTEN ? &application_module::accept_all : &application_module::start_read;
    m_kernel.cpu().submit(task_source::wake_up, wakeup, [this, &sk] { run(sk); });
}

void application_module::accept_all(sock& sk) {
    opened(sk).scheduled = false;
    account_wakeup(sk);
    while (auto* child = m_net.sockets.accept(static_cast<tcp_sock&>(sk))) {
        m_kernel.observers().tell(&run_observer::accepted_connection);
        own(*child);
        if (!child->sk_receive_queue.empty() || child->sk_done)
            schedule_read(*child);
        else if (has_read_enough(opened(*child)))
            close_socket(*child);
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
    m_net.sockets.recv(m_kernel.begin(), sk, read);
    std::uint64_t bytes = 0;
    for (const auto& packet : read) bytes += packet.bytes;
    const auto& packets = packets_of(opened(sk));
    const auto work = m_kernel.end(packets);
    const cycles call{m_spec.application.read_cycles};
    const cycles copy{
        static_cast<std::uint64_t>(std::llround(static_cast<double>(bytes) / m_spec.application.copy_bytes_per_cycle))};
    charge(fixed_cost::read, call);
    charge(fixed_cost::copy, copy);
    account_wakeup(sk);
    share(fixed_cost::read, call, packets);
    share(fixed_cost::copy, copy, packets);
    submit(call + copy + work, sk, &application_module::finish_read);
}

// Whose read() it is: the packets that it takes; without any (the peer has closed), that of the packet that woke it.
const packet_numbers& application_module::packets_of(const open_socket& reader) {
    m_packets.clear();
    for (const auto& packet : reader.read) m_packets.push_back(packet.number);
    if (m_packets.empty() && reader.woken_by != 0) m_packets.push_back(reader.woken_by);
    return m_packets;
}

void application_module::account_wakeup(sock& sk) {
    const auto wakeup = std::exchange(opened(sk).wakeup, {});
    share(fixed_cost::wakeup, wakeup, packets_of(opened(sk)));
}

void application_module::finish_read(sock& sk) {
    auto& reader = opened(sk);
    const auto read_before = reader.packets_read;
    for (const auto& packet : reader.read) {
        if (packet.bytes == 0 && sk.skc_protocol == ipproto_tcp) continue;  // a FIN
        m_kernel.observers().tell(&run_observer::read,
                                  packet_read{packet.number, packet.arrival, m_kernel.cpu().now()});
        ++reader.packets_read;
    }
    m_kernel.observers().tell(&run_observer::passed,
                              stage_passed{stage::application, reader.packets_read - read_before});
    reader.scheduled = false;
    auto* rule = reader.rule;
    if (rule != nullptr) rule->read += reader.packets_read - read_before;
    if (has_read_enough(reader) || (sk.sk_done && m_closes_at_eof))
        close_socket(sk);
    else if (!sk.sk_receive_queue.empty())
        schedule_read(sk);
    if (rule != nullptr) close_idle(*rule);
}

void application_module::close_socket(sock& sk) {
    account_wakeup(sk);
    const auto& packets = packets_of(opened(sk));
    if (auto* rule = opened(sk).rule) rule->open.erase(std::find(rule->open.begin(), rule->open.end(), &sk));
    sk.sk_user_data = nullptr;
    m_open.erase(&sk);
    m_net.sockets.close(m_kernel.begin(), sk);
    m_kernel.end(packets);
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
    m_net.sockets.send(m_kernel.begin(), static_cast<tcp_sock&>(*sk), bytes);
    m_kernel.end();
}

void application_module::close(endpoint local, endpoint peer) {
    if (auto* sk = connection(local, peer)) close_socket(*sk);
}

}  // namespace rxpath
