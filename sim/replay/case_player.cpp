#include "sim/replay/case_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "models/base/kernel_functions/napi.h"
#include "models/command/host_command.h"
#include "models/machine/timer_module.h"
#include "models/wire/frame_builder.h"
#include "sim/support/error.h"

namespace rxpath {

using nlohmann::ordered_json;

namespace {

// A case does not say when its packets came. The recorder wrote each packet in hexadecimal, and then what the kernel
// sent, to a serial line before it injected the next one; so many characters took that long (measured).
constexpr std::uint64_t nanoseconds_per_character = 2660;
constexpr std::size_t characters_around_packet = 49, characters_of_reply = 101, characters_around_command = 3;
// The line has room for some characters that nobody waits for.
constexpr auto written_ahead = microseconds(150);
// All that one packet or poll makes the machine do is done after that.
constexpr auto settled = microseconds(50);

// It ran `ip` as a process of its own, which took about this long: of 2 to 8 ms, the delayed-ACK estimates of recorded
// connections agree best with it.
constexpr auto time_to_run_ip = microseconds(4000);
// The memory it had.
constexpr std::uint64_t recorded_memory = std::uint64_t{3} << 30;
// It slept so long while the poll of queued packets ran.
constexpr auto time_to_poll = microseconds(3000);

picoseconds time_to_write(std::size_t characters) { return picoseconds{characters * nanoseconds_per_character * 1000}; }

// The words of a command.
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
        const auto end = std::min(text.find(' ', at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

// The poll of a NIC that found packets.
bool polled(const call_trace& trace) {
    return std::any_of(trace.calls().begin(), trace.calls().end(),
                       [](const auto& call) { return call.function == fn::napi_gro_receive; });
}

[[noreturn]] void refuse(const std::string& command, std::string_view why) {
    throw input_error(fmt::format("'{}': {}", command, why));
}

endpoint endpoint_of(const std::string& command, const std::string& text) {
    const auto found = parse_endpoint(text);
    if (!found) refuse(command, fmt::format("found '{}', allowed: ADDRESS:PORT", text));
    return *found;
}

}  // namespace

host_spec case_player::host_of(const recorded_case& recorded, const std::string& profile) {
    host_spec spec;
    for (const auto& step : recorded.steps) {
        const auto words = words_of(step.command);
        if (words.size() < 2 || words[0] != "dev") continue;
        nic_spec nic;
        nic.name = words[1];
        nic.napi = std::find(words.begin(), words.end(), "napi=0") == words.end();
        nic.checksum_offload = nic.dma = false;
        nic.dma_latency = nic.interrupt_latency = {};
        spec.nics.push_back(nic);
    }
    spec.boot.memory_bytes = recorded_memory;
    spec.cpu.irq_cycles = 0;
    spec.cpu.profile = profile;
    return spec;
}

case_player::case_player(const recorded_case& recorded, const std::string& profile)
    : m_recorded(recorded), m_spec(host_of(recorded, profile)), m_host("host", m_spec) {
    m_host.net().routing.neighbours().nobody_answers();  // nor did they where the case was recorded
    m_host.observe(*this);
}

void case_player::ended(const run_ended& run) {
    if (run.kind != run_kind::softirq) return;
    if (m_trace.calls().empty()) {
        m_trace = run.done.trace;
        m_cycles = run.done.whole;
    } else if (polled(run.done.trace)) {  // not what came back on the loopback device in a softirq of its own
        m_further_polls.push_back(run.done.trace);
    }
}

ordered_json case_player::play(bool with_steps) {
    m_with_steps = with_steps;
    ordered_json packets = ordered_json::array();
    std::size_t number = 0;
    for (const auto& step : m_recorded.steps) {
        ++number;
        try {
            take_step(step, packets);
        } catch (const input_error& error) {
            throw input_error(fmt::format("{}:{}: step {}: {}", m_recorded.file, step.line, number, error.what()));
        }
    }
    return {{"case", m_recorded.name}, {"packets", packets}};
}

void case_player::take_step(const case_step& step, ordered_json& packets) {
    if (step.type == case_step::kind::command) {
        command(step.command);
        pass(time_to_write(step.command.size() + characters_around_command));
        return pass(step.command.rfind("ip ", 0) == 0 ? time_to_run_ip : picoseconds{});
    }
    const bool poll = step.type == case_step::kind::poll;
    const auto written = time_to_write(2 * step.frame.bytes.size() + characters_around_packet);
    if (!poll) pass({written.value - std::min(written.value, written_ahead.value)});
    if (step.type == case_step::kind::queued) return m_queued.push_back(step);
    for (const auto& packet : poll ? std::exchange(m_queued, {}) : std::vector{step}) inject(packet);
    run_until_idle();
    pass(time_to_write(m_sent.size() * characters_of_reply));
    if (poll) pass(time_to_poll);
    if (m_observer) m_observer(step.number, m_trace);
    packets.push_back(prediction(step.number));
}

std::size_t case_player::nic_of(const std::string& device) const {
    for (std::size_t i = 0; i < m_spec.nics.size(); ++i)
        if (m_spec.nics[i].name == device && m_host.device(i) != nullptr) return i;
    throw input_error(fmt::format("dev: found '{}', allowed: a device that a step before makes appear", device));
}

void case_player::inject(const case_step& step) {
    if (step.server_isn) m_host.net().sockets.set_next_isn({*step.server_isn});
    m_host.nic(nic_of(step.device)).receive(step.frame);
}

void case_player::run_until_idle() {
    m_drops.clear();
    m_sent.clear();
    m_trace.clear();
    m_further_polls.clear();
    m_cycles = {};
    do simulate(settled);
    while (m_host.core().cpu.in_softirq());
    accept_all();
    m_host.net().routing.rcu_quiescent_state();
}

// Nothing comes for so long; the host's timers run.
void case_player::pass(picoseconds time) {
    if (time.value == 0) return;
    simulate(time);
    run_timers(m_host.core().task, m_host.net());
}

void case_player::accept_all() {
    for (auto* listener : m_listeners)
        while (auto* child = m_host.net().sockets.accept(*listener)) m_sockets.push_back(child);
}

void case_player::command(const std::string& text) {
    const auto words = words_of(text);
    if (words.empty()) refuse(text, "found nothing, allowed: a command");
    if (words[0] == "dev") return device_appears(text);
    if (words[0] == "connections") return make_connections(text);
    if (words[0] == "sleep") return sleep(text);
    if (words[0] == "ehash_entries") return;  // the table's size changes chain lengths only
    if (words[0] == "threaded") return m_host.core().napi.set_threaded(nic_of(words.back()));
    if (application_command(text)) return;
    if (const auto error = apply_host_command(m_host.net(), text, m_host.core().cpu.now())) throw input_error(*error);
}

// "sleep SECONDS": the recorder waited so long.
void case_player::sleep(const std::string& text) {
    constexpr double longest = 3600;
    double seconds = 0;
    char more = 0;
    if (std::sscanf(text.c_str(), "sleep %lf%c", &seconds, &more) != 1 || !(seconds > 0 && seconds <= longest))
        refuse(text, "allowed: sleep SECONDS, up to 3600");
    pass(microseconds(static_cast<std::uint64_t>(seconds * 1e6)));
}

void case_player::device_appears(const std::string& text) {
    const auto words = words_of(text);
    for (std::size_t i = 0; words.size() >= 2 && i < m_spec.nics.size(); ++i)
        if (m_spec.nics[i].name == words[1] && m_host.device(i) == nullptr) {
            m_host.appear(i);
            return;
        }
    refuse(text, "allowed: dev NAME tap napi=0|1, a new name each time");
}

// "listen tcp A:P[-Q] [backlog N] [reuseport]": listeners on one port or several.
void case_player::listen(const std::string& text, const std::vector<std::string>& words) {
    std::uint32_t backlog = 4096;
    bool reuseport = false;
    for (std::size_t i = 3; i < words.size(); ++i) {
        if (words[i] == "reuseport")
            reuseport = true;
        else if (words[i] != "backlog" || ++i == words.size() || std::sscanf(words[i].c_str(), "%u", &backlog) != 1)
            refuse(text, "allowed: listen tcp ADDRESS:PORT[-PORT] [backlog N] [reuseport]");
    }
    const auto dash = words[2].find('-');
    const auto first = endpoint_of(text, words[2].substr(0, dash));
    const auto last = dash == std::string::npos ? first.port.value
                                                : endpoint_of(text, "0.0.0.0:" + words[2].substr(dash + 1)).port.value;
    for (unsigned port = first.port.value; port <= last; ++port)
        m_listeners.push_back(
            &m_host.net().sockets.listen({first.address, {static_cast<std::uint16_t>(port)}}, 0, backlog, reuseport));
    m_last_bound = m_listeners.empty() ? nullptr : m_listeners.back();
}

// What an application does. False when the command is none of these.
bool case_player::application_command(const std::string& text) {
    const auto words = words_of(text);
    auto& sockets = m_host.net().sockets;
    auto& kernel = m_host.core().task;
    const bool two = words.size() == 3;
    if (words[0] == "listen" && words.size() >= 3 && words[1] == "tcp") {
        listen(text, words);
    } else if (words[0] == "bind" && two && words[1] == "udp") {
        m_last_bound = &sockets.bind_udp(endpoint_of(text, words[2]));
        m_sockets.push_back(m_last_bound);
    } else if (words[0] == "connect" && two && words[1] == "udp") {
        if (m_last_bound == nullptr || m_last_bound->skc_protocol != ipproto_udp)
            refuse(text, "no UDP socket is bound");
        m_host.connect(udp_sk(*m_last_bound), endpoint_of(text, words[2]));
    } else if (words[0] == "bindtodevice" && words.size() == 2) {
        const auto* dev = m_host.net().devices.by_name(words[1]);
        if (dev == nullptr || m_last_bound == nullptr) refuse(text, "allowed: a device that is there, after a listen");
        sockets.bind_to_device(*m_last_bound, dev->ifindex);
    } else if (text == "recv all") {
        for (auto* sk : m_sockets) sockets.recv_all(kernel.begin(), *sk), kernel.end();
    } else if (text == "close conn") {
        close_connection(text);
    } else {
        return false;
    }
    return true;
}

// The last one that was accepted, whatever was bound since.
void case_player::close_connection(const std::string& text) {
    const auto last = std::find_if(m_sockets.rbegin(), m_sockets.rend(),
                                   [](const sock* sk) { return sk->skc_protocol == ipproto_tcp; });
    if (last == m_sockets.rend()) refuse(text, "no connection is accepted");
    auto& kernel = m_host.core().task;
    m_host.net().sockets.close(kernel.begin(), **last);
    kernel.end();
    m_sockets.erase(std::next(last).base());
}

// The host's initial sequence number as the peer's recorded packets acknowledge it.
std::optional<tcp_sequence> case_player::isn_known_to(endpoint peer) const {
    for (const auto& step : m_recorded.steps) {
        const byte_view bytes{step.frame.bytes.data(), step.frame.bytes.size()};
        const auto ip = ipv4_header_view::at(bytes, 0);
        const auto tcp = tcp_header_view::at(bytes, ipv4_header_view::size);
        if (ip && tcp && ip->protocol() == ipproto_tcp && endpoint{ip->saddr(), tcp->source()} == peer && tcp->ack())
            return tcp->ack_seq() - 1;
    }
    return std::nullopt;
}

// "connections N from A ports P+i to B:Q": N handshakes, packet by packet, that are not recorded.
void case_player::make_connections(const std::string& text) {
    unsigned count = 0, first_port = 0;
    char from[32], to[32];
    if (std::sscanf(text.c_str(), "connections %u from %31s ports %u+i to %31s", &count, from, &first_port, to) != 4 ||
        count > 60000 || first_port + count > 65536)
        refuse(text, "allowed: connections N from ADDRESS ports P+i to ADDRESS:PORT");
    tcp_segment segment;
    segment.to = endpoint_of(text, to);
    if (m_spec.nics.empty()) refuse(text, "no device, allowed: after dev NAME tap napi=0|1");
    case_step step;
    step.device = m_spec.nics.front().name;
    for (unsigned i = 0; i < count; ++i) {
        segment.from = endpoint_of(text, fmt::format("{}:{}", from, first_port + i));
        if (const auto isn = isn_known_to(segment.from)) m_host.net().sockets.expect_isn(segment.from, *isn);
        segment.seq = {1000};
        segment.flags = tcphdr_syn;
        segment.mss = 1460;
        build_tcp(step.frame, segment, 1);
        inject(step);
        run_until_idle();
        const auto answer = std::find_if(m_sent.begin(), m_sent.end(),
                                         [](const sent_packet& sent) { return sent.kind == sent_kind::syn_ack; });
        if (answer == m_sent.end()) refuse(text, fmt::format("the host does not answer {}", segment.from.to_string()));
        segment.seq = {1001};
        segment.ack_seq = answer->seq + 1;
        segment.flags = tcphdr_ack;
        segment.mss = 0;
        build_tcp(step.frame, segment, 2);
        inject(step);
        run_until_idle();
    }
}

ordered_json case_player::prediction(std::uint64_t number) const {
    ordered_json drops = ordered_json::array();
    for (const auto& drop : m_drops)
        drops.push_back({{"reason", to_string(drop.reason)}, {"at", describe(drop.at).name}});
    ordered_json answer{{"packet", number}, {"cycles", m_cycles.value}, {"drops", drops}, {"calls", rows(m_trace)}};
    for (const auto& trace : m_further_polls) answer["further_polls"].push_back(rows(trace));
    return answer;
}

// A row a call: depth, function, and its own instructions, loads and stores.
ordered_json case_player::rows(const call_trace& trace) const {
    trace_costs costs(m_host.profile().costs);
    const auto& amounts = costs.of_calls(trace);
    ordered_json rows = ordered_json::array();
    for (std::size_t i = 0; i < trace.calls().size(); ++i) {
        const auto& call = trace.calls()[i];
        const auto& own = amounts[i];
        rows.push_back({call.depth, describe(call.function).name, own.instructions, own.loads, own.stores});
    }
    if (m_with_steps) add_steps(trace, rows);
    return rows;
}

void case_player::add_steps(const call_trace& trace, ordered_json& rows) {
    for (auto& row : rows) row.push_back(ordered_json::array());
    for (const auto& step : trace.steps()) {
        const auto& function = describe(trace.calls()[step.call].function);
        rows[step.call].back().push_back({function.step_name(step.step), step.times});
    }
}

}  // namespace rxpath
