// What several sections of a scenario must agree on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "models/command/host_command.h"
#include "models/cpu/core_preset.h"
#include "models/cpu/kernel_profile.h"
#include "sim/scenario/scenario_draft.h"
#include "sim/scenario/trial_host.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

constexpr std::uint64_t most_tcp_payload = 1460;             // MTU 1500 without the IP and TCP headers
constexpr double longest_run = 200.0 * 24 * 60 * 60 * 1e12;  // 200 days in picoseconds: the clock holds 213

// One check of one host; errors go to the lines that the draft knows.
class host_check {
public:
    host_check(const host_spec& spec, scenario_draft& draft) : m_spec(spec), m_draft(draft), m_trial(spec.nics) {}

    void everything() {
        check_cpu();
        check_setup();
        check_length();
        for (std::size_t i = 0; i < m_spec.listeners.size(); ++i) check_listener(i);
        for (std::size_t i = 0; i < m_spec.flows.size(); ++i) check_flow(i);
        for (std::size_t i = 0; i < m_spec.replays.size(); ++i) check_replay(i);
        check_later_commands();
    }

private:
    void wrong(std::uint32_t line, std::string_view key, std::string_view message) {
        m_draft.errors.add(line, key, message);
    }
    // Without a setup that works nobody can tell.
    bool owns(ipv4_address address) const { return m_draft.broken.setup || m_trial.owns(address); }
    bool receives(ipv4_address address) const { return m_draft.broken.setup || m_trial.receives(address); }
    void check_command(const std::string& command, std::uint32_t line, std::string_view key) {
        if (const auto problem = m_trial.try_command(command)) {
            wrong(line, key, fmt::format("found \"{}\": {}", command, *problem));
        }
    }
    void check_cpu();
    void check_setup();
    void check_length();
    void check_said_once(std::string_view count, std::uint64_t packets, std::string_view length, picoseconds time);
    void check_listener(std::size_t index);
    void check_flow(std::size_t index);
    void check_flow_length(const flow_spec& flow, std::uint32_t line);
    void check_flow_target(const flow_spec& flow, std::uint32_t line);
    void check_replay(std::size_t index);
    void check_later_commands();
    void check_device(const std::string& device, std::uint32_t line, std::string_view key);
    bool somebody_listens(const flow_spec& flow) const;

    const host_spec& m_spec;
    scenario_draft& m_draft;
    trial_host m_trial;
};

void host_check::check_cpu() {
    try {
        make_core_preset(m_spec.cpu.model, m_spec.cpu.numbers);
        if (!m_spec.cpu.profile.empty()) kernel_profile::load(m_spec.cpu.profile);
    } catch (const std::invalid_argument& error) {
        wrong(0, "cpu", error.what());
    }
}

void host_check::check_setup() {
    const auto& lines = m_draft.lines.setup;
    const auto errors_before = m_draft.errors.count();
    for (std::size_t i = 0; i < m_spec.setup.size(); ++i) {
        const bool from_file = i < lines.size();  // what follows comes from --set and [compare]
        check_command(m_spec.setup[i], from_file ? lines[i] : 0, from_file ? "host.setup" : "setting");
    }
    // Whether there may be one such route is known without making them all.
    if (m_spec.routing.global_table != 0) check_command(global_table_command(1), 0, "routing.global_table");
    if (m_draft.errors.count() != errors_before) m_draft.broken.setup = true;
}

void host_check::check_length() {
    if (m_draft.broken.run || m_draft.broken.traffic) return;
    if (m_spec.flows.empty() && m_spec.replays.empty()) wrong(0, "flow", "missing: a [[flow]] or a [[replay]]");
    const auto endless = [](const flow_spec& flow) { return flow.is_endless(); };
    const bool has_end = m_spec.packets != 0 || m_spec.duration != picoseconds{};
    if (!has_end && std::any_of(m_spec.flows.begin(), m_spec.flows.end(), endless)) {
        wrong(m_draft.lines.run, "run.packets",
              "found 0, allowed: 1 or more, or run.duration, or flow.packets, else there is no end");
    }
    if (m_spec.packets != 0 && m_spec.warmup_packets >= m_spec.packets) {
        wrong(m_draft.lines.run, "run.warmup_packets",
              fmt::format("found {}, allowed: less than run.packets = {}", m_spec.warmup_packets, m_spec.packets));
    }
    check_said_once("run.packets", m_spec.packets, "run.duration", m_spec.duration);
    check_said_once("run.warmup_packets", m_spec.warmup_packets, "run.warmup", m_spec.warmup);
}

// The same thing in packets and in time.
void host_check::check_said_once(std::string_view count, std::uint64_t packets, std::string_view length,
                                 picoseconds time) {
    if (packets == 0 || time == picoseconds{}) return;
    wrong(m_draft.lines.run, count,
          fmt::format("found {}, and {} = {} ns: allowed is one of the two, the other 0", packets, length,
                      static_cast<double>(time.value) / 1000));
}

void host_check::check_device(const std::string& device, std::uint32_t line, std::string_view key) {
    std::vector<std::string_view> names;
    for (const auto& nic : m_spec.nics) names.push_back(nic.name);
    if (device.empty() || std::find(names.begin(), names.end(), device) != names.end()) return;
    wrong(line, key, fmt::format("found \"{}\", allowed: {}", device, fmt::join(names, ", ")));
}

void host_check::check_listener(std::size_t index) {
    const auto& listener = m_spec.listeners[index];
    const auto line = m_draft.lines.listeners[index];
    check_device(listener.device, line, "listen.device");
    if (!listener.local.address.is_unspecified() && !owns(listener.local.address)) {
        wrong(line, "listen",
              fmt::format("found {}, allowed: an address that a NIC of this host has, or 0.0.0.0",
                          listener.local.address.to_string()));
    }
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
        const auto& other = m_spec.listeners[earlier];
        if (other.protocol == listener.protocol && other.local == listener.local && other.device == listener.device &&
            other.peer == listener.peer) {
            wrong(line, "listen", fmt::format("found {} a second time", listener.local.to_string()));
        }
    }
}

bool host_check::somebody_listens(const flow_spec& flow) const {
    if (m_draft.broken.listeners) return true;
    const auto protocol = flow.type == flow_spec::kind::udp ? transport::udp : transport::tcp;
    return std::any_of(m_spec.listeners.begin(), m_spec.listeners.end(), [&](const listen_spec& listener) {
        return listener.protocol == protocol && listener.local.port == flow.to.port &&
               (listener.local.address.is_unspecified() || listener.local.address == flow.to.address);
    });
}

void host_check::check_flow_target(const flow_spec& flow, std::uint32_t line) {
    using kind = flow_spec::kind;
    const auto target = flow.to.to_string();
    if (!receives(flow.to.address)) {
        const bool passes = m_trial.forwards() && flow.type != kind::tcp;
        if (!passes) {
            wrong(
                line, "flow",
                fmt::format("found {}, allowed: an address or group of this host{}", target,
                            m_trial.forwards() ? "; use raw_tcp for what it forwards" : ", or net.ipv4.ip_forward=1"));
        }
    } else if ((flow.type == kind::tcp || flow.type == kind::udp) && !somebody_listens(flow)) {
        wrong(line, "flow", fmt::format("nobody listens on {}; add a [[listen]], or expect_closed = true", target));
    }
}

void host_check::check_flow_length(const flow_spec& flow, std::uint32_t line) {
    const auto sent = flow.packets != 0                        ? flow.packets
                      : flow.type == flow_spec::kind::syn_scan ? flow.ports
                                                               : m_spec.packets;
    const auto interval = static_cast<double>(flow.interval.value);
    if (static_cast<double>(flow.start.value) + interval * static_cast<double>(sent) <= longest_run) return;
    wrong(line, "flow.rate",
          fmt::format("found {}, at which {} packets take longer than 200 days, allowed: {:.3g}pps or more",
                      written_number(value_kind::packet_rate, 1e12 / interval), sent,
                      static_cast<double>(sent) * 1e12 / longest_run));
}

void host_check::check_flow(std::size_t index) {
    const auto& flow = m_spec.flows[index];
    const auto line = m_draft.lines.flows[index];
    check_flow_length(flow, line);
    check_device(flow.device, line, "flow.device");
    for (const auto& device : flow.devices) check_device(device, line, "flow.devices");
    if (!m_draft.expect_closed[index]) check_flow_target(flow, line);
    if (flow.type != flow_spec::kind::udp && flow.payload.value > most_tcp_payload) {
        wrong(line, "flow.payload",
              fmt::format("found {}B, allowed with TCP: 0B to {}B", flow.payload.value, most_tcp_payload));
    }
    if (flow.from.port.value + flow.connections > 65536) {
        wrong(line, "flow.connections",
              fmt::format("found {}, allowed: up to {}, the ports from {} on", flow.connections,
                          65536 - flow.from.port.value, flow.from.port.value));
    }
    if (flow.destinations > 1 && flow.type == flow_spec::kind::tcp) {
        wrong(line, "flow.destinations", fmt::format("found {}, allowed with tcp: 1", flow.destinations));
    }
    if (flow.to.port.value + flow.ports > 65536) {
        wrong(line, "flow.syn_scan.ports",
              fmt::format("found {}, allowed: up to {}, the ports from {} on", flow.ports, 65536 - flow.to.port.value,
                          flow.to.port.value));
    }
}

void host_check::check_replay(std::size_t index) {
    const auto& replay = m_spec.replays[index];
    const auto line = m_draft.lines.replays[index];
    check_device(replay.device, line, "replay.device");
    if (!owns(replay.local)) {
        wrong(line, "replay.local",
              fmt::format("found {}, allowed: an address that a NIC of this host has", replay.local.to_string()));
    }
}

void host_check::check_later_commands() {
    std::vector<std::size_t> order(m_spec.at.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return m_spec.at[a].time < m_spec.at[b].time; });
    for (const auto i : order) check_command(m_spec.at[i].command, m_draft.lines.at[i], "at.do");
}

}  // namespace

void check_scenario(scenario_draft& draft) {
    host_check(draft.result.host, draft).everything();
    for (const auto& variant : draft.result.variants) {
        if (draft.errors.count() != 0) return;  // the same errors again would tell nothing new
        try {
            host_check(draft.result.with(variant), draft).everything();
        } catch (const input_error& error) {
            draft.errors.add(draft.lines.compare, "compare", error.what());
        }
    }
}

}  // namespace rxpath
