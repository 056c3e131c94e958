#include "tests/support/random_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <string_view>
#include <vector>

#include "sim/scenario/trial_host.h"

namespace rxpath {

namespace {

using words = std::initializer_list<std::string_view>;

class scenario_writer {
public:
    scenario_writer(std::uint64_t seed, scenario_kind kind)
        : m_random(seed), m_ties(kind == scenario_kind::full_of_ties), m_nics(1 + below(3)) {}

    std::string text() {
        line("# made by chance");
        write_run();
        write_machine();
        write_host();
        write_nics();
        write_listeners();
        for (auto flows = 1 + below(4); flows > 0; --flows) write_flow();
        write_commands();
        return m_text;
    }

private:
    // Uniform enough; standard distributions differ from library to library.
    std::uint64_t below(std::uint64_t n) { return m_random() % n; }
    bool once_in(std::uint64_t n) { return below(n) == 0; }
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
    std::string_view one_of(words choices) { return choices.begin()[below(choices.size())]; }

    void line(std::string_view text) { m_text += fmt::format("{}\n", text); }
    template <class... Values>
    void line(fmt::format_string<Values...> format, Values&&... values) {
        line(std::string_view(fmt::format(format, std::forward<Values>(values)...)));
    }
    // Half of the settings keep their default.
    template <class... Values>
    void maybe(fmt::format_string<Values...> format, Values&&... values) {
        if (once_in(2)) line(format, std::forward<Values>(values)...);
    }

    std::string nic() { return fmt::format("nic{}", below(m_nics)); }
    std::string own_address(std::uint64_t nic) { return fmt::format("10.0.{}.1", nic); }
    std::string time(std::uint64_t most_microseconds) {
        if (m_ties) return fmt::format("{}us", once_in(4) ? 4000 : 2 * below(most_microseconds / 2));
        return fmt::format("{}ns", below(1000 * most_microseconds));
    }
    std::string rate() {
        if (m_ties) return std::string(one_of({"1Mpps", "500kpps", "250kpps", "200kpps", "100kpps"}));
        return fmt::format("{}kpps", once_in(3) ? between(300, 3000) : between(5, 300));
    }

    void write_run();
    void write_machine();
    void write_host();
    void write_nics();
    void write_listeners();
    void write_flow();
    void write_tcp();
    void write_udp();
    void write_scan();
    void write_raw_tcp();
    void write_arrival();
    void write_commands();
    std::string command();
    std::string harmless_command();
    std::string route(std::string_view verb);

    std::mt19937_64 m_random;
    bool m_ties, m_forwards = false;
    std::uint64_t m_nics;
    std::vector<std::string> m_setup;
    std::string m_text;
};

void scenario_writer::write_run() {
    line("[run]");
    if (once_in(6))
        line("duration = \"{}us\"", between(1, 30) * 100);
    else
        line("packets = {}", between(20, 300));
    line("seed = {}", below(1000));
    if (once_in(4))
        line("warmup_packets = 1");
    else if (once_in(6))
        line("warmup = \"{}\"", time(200));
}

void scenario_writer::write_machine() {
    line("[cpu]");
    line("frequency = \"{}\"", m_ties ? one_of({"500MHz", "1GHz", "2GHz"}) : one_of({"1.7GHz", "2.9GHz", "3.24GHz"}));
    maybe("irq = \"{}cycles\"", m_ties ? 1000 * below(2) : below(3000));
    maybe("model = \"{}\"", one_of({"zen3", "icelake-server", "neoverse-n1"}));
    maybe("mitigations = {}", once_in(2));
    line("[napi]");
    maybe("weight = {}", between(1, 64));
    maybe("budget = {}", between(1, 100));
    maybe("gro_normal_batch = {}", between(1, 16));
    line("[application]");
    maybe("wakeup = \"{}cycles\"", m_ties ? 1000 * below(3) : below(12000));
    maybe("read = \"{}cycles\"", m_ties ? 1000 * below(3) : below(6000));
    line("[routing]");
    maybe("hint = {}", once_in(2));
    maybe("local_and_main_merged = {}", once_in(2));
}

void scenario_writer::write_host() {
    for (std::uint64_t i = 0; i < m_nics; ++i)
        m_setup.push_back(fmt::format("ip addr add {}/24 dev nic{}", own_address(i), i));
    if (!once_in(6)) m_setup.emplace_back("ip route add default via 10.0.0.2");
    for (auto more = below(6); more > 0; --more) m_setup.push_back(harmless_command());
    std::vector<nic_spec> nics(m_nics);
    for (std::uint64_t i = 0; i < m_nics; ++i) nics[i].name = fmt::format("nic{}", i);
    trial_host trial(nics);
    line("[host]");
    line("setup = [");
    for (const auto& each : m_setup)
        if (!trial.try_command(each)) line("  \"{}\",", each);
    line("]");
    m_forwards = trial.forwards();
}

void scenario_writer::write_nics() {
    for (std::uint64_t i = 0; i < m_nics; ++i) {
        line("[nic.nic{}]", i);
        line("ring = {}", m_ties ? between(1, 3) : between(1, once_in(2) ? 16 : 512));
        if (m_ties || once_in(3)) line("dma_latency = \"0ns\"");
        if (m_ties || once_in(3)) line("interrupt_latency = \"0ns\"");
        if (once_in(3)) line("interrupt_moderation = \"{}us\"", m_ties ? 10 * below(10) : below(200));
        maybe("rate = \"{}\"", m_ties ? one_of({"8Gbit", "1Gbit"}) : one_of({"10Gbit", "1Gbit", "100Mbit", "25Gbit"}));
        if (once_in(3)) line("napi = false");
        maybe("checksum_offload = {}", once_in(2));
        maybe("dma = {}", once_in(2));
    }
}

// Somebody listens on port 80 of all addresses, for TCP and UDP; others on one address or one device.
void scenario_writer::write_listeners() {
    for (const auto* protocol : {"tcp", "udp"}) {
        line("[[listen]]\n{} = \"0.0.0.0:80\"", protocol);
        if (once_in(3)) line("[[listen]]\n{} = \"{}:80\"", protocol, own_address(below(m_nics)));
        if (once_in(4)) line("[[listen]]\n{} = \"0.0.0.0:80\"\ndevice = \"{}\"", protocol, nic());
    }
}

void scenario_writer::write_flow() {
    line("[[flow]]");
    switch (below(7)) {
        case 0:
            write_scan();
            break;
        case 1:
            write_udp();
            break;
        case 2:
            write_raw_tcp();
            break;
        default:
            write_tcp();
    }
    line("rate = \"{}\"", rate());
    maybe("start = \"{}\"", time(500));
    write_arrival();
}

void scenario_writer::write_arrival() {
    if (once_in(3)) {
        line("device = \"{}\"", nic());
    } else if (m_nics > 1 && once_in(3)) {
        line("devices = [\"nic0\", \"nic{}\"]", m_nics - 1);
    }
}

void scenario_writer::write_tcp() {
    const bool closed = once_in(10);
    line("tcp = {{ from = \"{}:{}\", to = \"{}:{}\" }}",
         once_in(6) ? "198.51.100.7" : fmt::format("10.0.{}.{}", below(m_nics), between(2, 9)), between(1024, 50000),
         own_address(below(m_nics)), closed ? 81 : 80);
    if (closed) line("expect_closed = true");
    line("connections = {}", between(1, 6));
    line("payload = \"{}B\"", once_in(5) ? 0 : once_in(3) ? 1460 : between(1, 1460));
    if (!once_in(4)) line("packets = {}", between(1, 120));
    maybe("packets_per_connection = {}", between(1, 20));
    maybe("close = {}", once_in(2));
    if (once_in(3)) line("server_closes = true");
}

void scenario_writer::write_udp() {
    line("udp = {{ from = \"10.0.{}.{}:{}\", to = \"{}:80\" }}", below(m_nics), between(2, 9), between(1024, 50000),
         own_address(below(m_nics)));
    line("connections = {}", between(1, 6));
    line("payload = \"{}B\"", between(0, 1472));
    if (!once_in(3)) line("packets = {}", between(1, 120));
}

void scenario_writer::write_scan() {
    line("syn_scan = {{ from = \"10.0.0.{}:{}\", to = \"{}:{}\", ports = {} }}", between(2, 9), between(1024, 50000),
         own_address(below(m_nics)), between(78, 80), between(1, 30));
    if (once_in(3)) line("packets = {}", between(1, 60));
}

// Segments of no connection, to the host or, if it forwards, to others.
void scenario_writer::write_raw_tcp() {
    line("raw_tcp = {{ from = \"10.0.0.{}:{}\", to = \"{}:80\" }}", between(2, 9), between(1024, 50000),
         m_forwards ? "203.0.113.1" : own_address(0));
    if (m_forwards) line("destinations = {}", between(1, 20));
    line("packets = {}", between(1, 120));
}

std::string scenario_writer::route(std::string_view verb) {
    const auto prefix = one_of({"192.0.2.0/24", "203.0.113.0/28", "198.51.100.0/24", "203.0.113.8/32"});
    const auto type = once_in(4) ? one_of({"unreachable ", "blackhole ", "prohibit "}) : std::string_view();
    if (!type.empty()) return fmt::format("ip route {} {}{}", verb, type, prefix);
    return fmt::format("ip route {} {} via 10.0.{}.2", verb, prefix, below(m_nics));
}

std::string scenario_writer::command() {
    const auto which = below(m_nics);
    switch (below(10)) {
        case 0:
            return route("add");
        case 1:
            return route("replace");
        case 2:
            return route("del");
        case 3:
            return fmt::format("ip addr {} {}/24 dev nic{}", one_of({"del", "add"}), own_address(which), which);
        case 4:
            return fmt::format("ip link set nic{} {}", which, one_of({"down", "up", "up"}));
        case 5:
            return fmt::format("ip rule {} {} table main priority {}", one_of({"add", "del"}),
                               one_of({"from 10.0.0.0/16", "to 203.0.113.0/24", "tos 0x10"}), 100 * between(1, 2));
        case 6:
            return fmt::format("sysctl net.ipv4.conf.{}.rp_filter={}", once_in(2) ? "all" : nic(), below(3));
        case 7:
            return fmt::format("sysctl net.ipv4.{}={}",
                               one_of({"ip_forward", "tcp_early_demux", "udp_early_demux", "ip_early_demux",
                                       "tcp_abort_on_overflow", "tcp_rfc1337", "tcp_syncookies"}),
                               below(2));
        case 8:
            return fmt::format("ip neigh replace 10.0.{}.{} lladdr 02:00:00:00:00:0{} dev nic{}", which, between(2, 9),
                               between(1, 9), which);
        default:
            return "sysctl net.ipv4.ip_forward=1";
    }
}

// Before the run: the host keeps its addresses, which listeners and flows name.
std::string scenario_writer::harmless_command() {
    auto changed = command();
    while (changed.find("addr del") != std::string::npos || changed.find(" down") != std::string::npos)
        changed = command();
    return changed;
}

// Those that a host refuses at their time are left out.
void scenario_writer::write_commands() {
    std::vector<nic_spec> nics(m_nics);
    for (std::uint64_t i = 0; i < m_nics; ++i) nics[i].name = fmt::format("nic{}", i);
    trial_host trial(nics);
    for (const auto& each : m_setup) trial.try_command(each);
    std::vector<std::uint64_t> times(below(6));
    for (auto& each : times) each = m_ties ? (once_in(4) ? 4000 : 2 * below(1500)) : below(3000);
    std::sort(times.begin(), times.end());
    for (const auto each : times) {
        const auto changed = command();
        if (!trial.try_command(changed)) line("[[at]]\ntime = \"{}us\"\ndo = \"{}\"", each, changed);
    }
}

}  // namespace

std::string make_random_scenario(std::uint64_t seed, scenario_kind kind) { return scenario_writer(seed, kind).text(); }

}  // namespace rxpath
