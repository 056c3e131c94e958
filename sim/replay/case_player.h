// Plays a recorded case on the model's machine, packet by packet, and keeps what each packet made the machine do.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "models/machine/host_module.h"
#include "sim/replay/recorded_case.h"

namespace rxpath {

class case_player : private run_observer {
public:
    // `profile`: as cpu.profile. Throws input_error when a step names a device that never appears.
    explicit case_player(const recorded_case& recorded, const std::string& profile = "");

    // Called after each packet or poll with its number and the trace of its softirq.
    using packet_observer = std::function<void(std::uint64_t number, const call_trace& trace)>;
    void observe(packet_observer observer) { m_observer = std::move(observer); }

    // The prediction: {"case", "packets": [{"packet", "cycles", "drops", "calls"}]}; a poll that used its weight up has
    // "further_polls" too, the calls of each poll that followed. With steps, each call's row ends
    // with the steps that it took: [[step, times], ...]. Throws input_error when the host refuses a command.
    nlohmann::ordered_json play(bool with_steps = false);

private:
    void ended(const run_ended& run) override;
    void dropped(const dropped_packet& packet) override { m_drops.push_back(packet); }
    void sent(const packet_sent& packet) override { m_sent.push_back(packet.packet); }

    static host_spec host_of(const recorded_case& recorded, const std::string& profile);

    void take_step(const case_step& step, nlohmann::ordered_json& packets);
    void command(const std::string& text);
    bool application_command(const std::string& text);
    void listen(const std::string& text, const std::vector<std::string>& words);
    void close_connection(const std::string& text);
    void sleep(const std::string& text);
    void device_appears(const std::string& text);
    void make_connections(const std::string& text);
    std::optional<tcp_sequence> isn_known_to(endpoint peer) const;
    void inject(const case_step& step);
    void run_until_idle();
    void pass(picoseconds time);
    void accept_all();
    nlohmann::ordered_json prediction(std::uint64_t number) const;
    nlohmann::ordered_json rows(const call_trace& trace) const;
    static void add_steps(const call_trace& trace, nlohmann::ordered_json& rows);
    std::size_t nic_of(const std::string& device) const;

    const recorded_case& m_recorded;
    host_spec m_spec;
    host_module m_host;
    bool m_with_steps = false;
    std::vector<case_step> m_queued;
    std::vector<tcp_sock*> m_listeners;
    std::vector<sock*> m_sockets;  // that an application may read: accepted and UDP
    sock* m_last_bound = nullptr;
    packet_observer m_observer;
    // Of the run that just ended.
    call_trace m_trace;
    std::vector<call_trace> m_further_polls;
    cycles m_cycles;
    std::vector<dropped_packet> m_drops;
    std::vector<sent_packet> m_sent;
};

}  // namespace rxpath
