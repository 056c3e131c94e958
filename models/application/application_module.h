// The applications of a host: each listener has one that accepts, reads what comes, and closes. They run on the core as
// tasks: a wake-up, then the read with its copy. Numbers: application_spec.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <systemc>
#include <unordered_map>
#include <vector>

#include "models/ip/network_namespace.h"
#include "models/softirq/kernel_task.h"

namespace rxpath {

class application_module : public sc_core::sc_module, public run_observer {
public:
    // `closes_at_eof`: a connection whose peer has closed is closed too. Not in replays, where the capture says when.
    application_module(const sc_core::sc_module_name& name, const host_spec& spec, kernel_task& kernel,
                       network_namespace& net, bool closes_at_eof);

    // A listener or a bound UDP socket of the host.
    void own(sock& sk);
    // Close a connection from that address to `local` when so many packets of it are read, and each of them when
    // `in_all` packets of them all are read; 0: never (flow_spec::server_closes).
    void close_after(ipv4_address peer, endpoint local, std::uint64_t packets, std::uint64_t in_all);

    // sock_def_readable() woke the socket's application.
    void woken(const socket_woken& socket) override;
    // What a recorded application did on a connection, found by its ends.
    void send(endpoint local, endpoint peer, std::uint32_t bytes);
    void close(endpoint local, endpoint peer);
    // A connection that was there before the run.
    void adopt(tcp_sock& sk) { own(sk); }
    // The sockets that applications hold, in no particular order.
    std::vector<const sock_common*> open_sockets() const;

private:
    using task = void (application_module::*)(sock&);

    struct closing_rule {
        ipv4_address peer;
        endpoint local;
        std::uint64_t packets, in_all;
        std::uint64_t read = 0;     // of all connections
        std::vector<sock*> open{};  // in the order in which they were accepted
    };
    // A socket with its reader.
    struct open_socket {
        sock* sk = nullptr;
        bool scheduled = false;  // a task for it is under way
        std::uint64_t packets_read = 0;
        closing_rule* rule = nullptr;
        std::vector<received_packet> read;  // by the read() under way
        task next = nullptr;                // what the task under way does
        cycles wakeup{};                    // that no packet has been charged for yet
        std::uint64_t woken_by = 0;         // the packet that woke the reader last; 0: none
    };

    static open_socket& opened(sock& sk) { return *static_cast<open_socket*>(sk.sk_user_data); }

    void submit(cycles length, sock& sk, task what);
    void run(sock& sk);
    void accept_all(sock& sk);
    void schedule_read(sock& sk);
    void start_read(sock& sk);
    void finish_read(sock& sk);
    void close_socket(sock& sk);
    void charge(fixed_cost what, cycles taken);
    void share(fixed_cost what, cycles whole, const packet_numbers& packets);
    const packet_numbers& packets_of(const open_socket& reader);
    void account_wakeup(sock& sk);
    sock* connection(endpoint local, endpoint peer);
    static bool has_read_enough(const open_socket& reader);
    void close_idle(closing_rule& rule);

    const host_spec& m_spec;
    kernel_task& m_kernel;
    network_namespace& m_net;
    bool m_closes_at_eof;
    std::unordered_map<sock*, std::unique_ptr<open_socket>> m_open;
    std::deque<closing_rule> m_closing_rules;
    packet_numbers m_packets;  // that packets_of() answered last
};

}  // namespace rxpath
