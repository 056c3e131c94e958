#include "sim/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/memory_use.h"
#include "models/base/stage.h"
#include "models/wire/frame_time.h"
#include "sim/scenario/inert_settings.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

using side = table::side;

double number_or_nan(const run_result& result, const std::string& name) {
    return result.value(name).value_or(std::nan(""));
}

std::string count(const run_result& result, const std::string& name) {
    return grouped(static_cast<std::uint64_t>(result.number(name)));
}

std::string warm_up(const host_spec& host) {
    if (host.warmup_packets != 0) return fmt::format(", after {} packets of warm-up", grouped(host.warmup_packets));
    const auto microseconds = static_cast<double>(host.warmup.value) / 1e6;
    return microseconds != 0 ? fmt::format(", after {} us of warm-up", short_number(microseconds)) : "";
}

std::string headline(const scenario& from, const run_result& result, const text_style& style) {
    const auto& host = from.host;
    auto text = style.bold(from.title.empty() ? from.file : from.title) + '\n';
    text += fmt::format("{}: {} packets in {} us simulated{}, {} timing, seed {}\n", from.file,
                        count(result, "packets.received"), short_number(result.number("simulated_ns") / 1000),
                        warm_up(host), host.timing == timing_mode::fast ? "fast" : "exact", host.seed);
    for (const auto& note : from.notes) text += note + '\n';
    return text + inert_settings_line(host);
}

std::string stages(const run_result& result, const text_style& style) {
    table out({{"stage", side::left},
               {"packets"},
               {"instructions/packet"},
               {"cycles/packet"},
               {"ns/packet"},
               {"of all cycles"},
               {"", side::left}});
    double instructions = 0;
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto name = std::string(to_string(static_cast<stage>(i)));
        const auto of = [&](std::string_view what) {
            return number_or_nan(result, fmt::format("stage.{}.{}", name, what));
        };
        instructions += of("instructions_per_packet");
        const auto share = of("share");
        out.row({name, grouped(static_cast<std::uint64_t>(of("packets"))), short_number(of("instructions_per_packet")),
                 short_number(of("cycles_per_packet")), short_number(of("ns_per_packet")), percent(share),
                 bar(share, 20)});
    }
    out.rule();
    out.row({"all", count(result, "packets.received"), short_number(instructions),
             short_number(number_or_nan(result, "cycles_per_packet")),
             short_number(number_or_nan(result, "ns_per_packet"))});
    return out.text(style) +
           fmt::format("core busy {} of the time\n", percent(number_or_nan(result, "core.utilisation")));
}

std::string memory(const run_result& result, const text_style& style) {
    const auto of = [&](std::string_view level, std::string_view what) {
        return result.value(fmt::format("memory.{}.{}_per_packet", level, what)).value_or(0);
    };
    double accesses = 0, lines = 0;
    for (std::size_t i = 0; i < memory_level_count; ++i) {
        const auto level = to_string(static_cast<memory_level>(i));
        accesses += of(level, "data_accesses"), lines += of(level, "code_lines");
    }
    if (accesses == 0 && lines == 0) return "";
    table out({{"found in", side::left}, {"data accesses/packet"}, {"of all"}, {"code lines/packet"}, {"of all"}});
    for (std::size_t i = 0; i < memory_level_count; ++i) {
        const auto level = to_string(static_cast<memory_level>(i));
        const auto data = of(level, "data_accesses"), code = of(level, "code_lines");
        if (data == 0 && code == 0) continue;
        out.row({std::string(level), short_number(data), percent(data / accesses), short_number(code),
                 percent(code / lines)});
    }
    return out.text(style);
}

std::string latencies(const run_result& result, const text_style& style) {
    table out({{"latency", side::left}, {"p50 ns"}, {"p90 ns"}, {"p99 ns"}, {"max ns"}, {"mean ns"}});
    for (const auto& [label, name] :
         {std::pair{"wire to socket", "wire_to_socket"}, std::pair{"wire to application", "wire_to_application"},
          std::pair{"wire to next wire", "wire_to_wire"}}) {
        if (result.number(fmt::format("latency.{}.samples", name)) == 0) continue;
        const auto of = [&, key = name](std::string_view what) {
            return short_number(number_or_nan(result, fmt::format("latency.{}.{}_ns", key, what)));
        };
        out.row({label, of("p50"), of("p90"), of("p99"), of("max"), of("mean")});
    }
    return out.empty() ? "" : out.text(style);
}

// Rows for the statistics under `prefix` that are not zero, with their share of `whole`.
void add_counts(table& out, const run_result& result, std::string_view prefix, double whole, std::string_view indent) {
    for (const auto& each : result.statistics) {
        if (!each.counted || each.name.substr(0, prefix.size()) != prefix || each.value.value_or(0) == 0) continue;
        const auto name = each.name.substr(prefix.size());
        if (name == "called" || name == "socket_found") continue;
        out.row({std::string(indent) + name, grouped(static_cast<std::uint64_t>(*each.value)),
                 percent(*each.value / whole), bar(*each.value / whole, 20)});
    }
}

// Packets that the stack gave up, and why.
void add_drops(table& out, const run_result& result, double received) {
    const auto n = result.number("packets.dropped") - result.number("packets.lost");
    if (n != 0)
        out.row({"dropped", grouped(static_cast<std::uint64_t>(n)), percent(n / received), bar(n / received, 20)});
    for (const auto& each : result.statistics) {
        const bool reason =
            each.name.rfind("drops.", 0) == 0 && each.name != "drops.ring" && each.name != "drops.wire_queue";
        if (!reason || each.value.value_or(0) == 0) continue;
        out.row({"  " + each.name.substr(6), grouped(static_cast<std::uint64_t>(*each.value)),
                 percent(*each.value / received), bar(*each.value / received, 20)});
    }
}

std::string decisions(const run_result& result, const text_style& style) {
    const auto received = result.number("packets.received") + result.number("packets.looped");
    table out({{"early demux", side::left}, {"packets"}, {"of packets"}, {"", side::left}});
    for (const auto& [label, name] : {std::pair{"called", "called"}, std::pair{"socket found", "socket_found"}}) {
        const auto n = result.number(fmt::format("early_demux.{}", name));
        out.row({label, grouped(static_cast<std::uint64_t>(n)), percent(n / received), bar(n / received, 20)});
    }
    out.rule();
    add_counts(out, result, "early_demux.", received, "");
    return out.text(style);
}

// Who gave the packets their dst, of all of them and of those that were asked.
std::string routes(const run_result& result, const text_style& style) {
    table out({{"where the dst came from", side::left}, {"packets"}, {"of packets"}, {"of calls"}, {"", side::left}});
    for (std::size_t i = 0; i < static_cast<std::size_t>(route_source::count); ++i) {
        const auto source = static_cast<route_source>((i + 1) % static_cast<std::size_t>(route_source::count));
        const auto name = fmt::format("route.{}", to_string(source));
        const auto share = number_or_nan(result, name + ".of_packets");
        const auto of_calls = result.value(name + ".of_calls");
        if (result.number(name) == 0 && of_calls.value_or(0) == 0) continue;
        out.row({std::string(to_string(source)), count(result, name), percent(share),
                 of_calls ? percent(*of_calls) : "-", bar(share, 20)});
    }
    return out.empty() ? "" : out.text(style);
}

// Rows of the counts that are not zero.
void add_counts_of(table& out, const run_result& result,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> rows) {
    for (const auto& [label, name] : rows)
        if (result.number(name) != 0) out.row({std::string(label), count(result, std::string(name))});
}

// What was offered, and what became of it: each part is added or taken away.
std::string outcomes(const run_result& result, const text_style& style) {
    const auto received =
        result.number("packets.received") + result.number("packets.looped") + result.number("packets.held_before");
    table out({{"packets", side::left}, {"count"}, {"of those taken"}, {"", side::left}});
    out.row({"offered", count(result, "packets.offered")});
    add_counts_of(out, result,
                  {{"+ under way before", "packets.carried_in"},
                   {"- lost in the sender's queue", "drops.wire_queue"},
                   {"- lost in a full ring", "drops.ring"},
                   {"- under way at the end", "packets.in_flight"}});
    out.rule();
    out.row({"received", count(result, "packets.received")});
    add_counts_of(out, result, {{"+ sent to itself", "packets.looped"}, {"+ held before", "packets.held_before"}});
    for (const auto* name : {"delivered", "forwarded", "consumed", "held"}) {
        const auto n = result.number(fmt::format("packets.{}", name));
        if (n != 0)
            out.row({name, grouped(static_cast<std::uint64_t>(n)), percent(n / received), bar(n / received, 20)});
    }
    add_drops(out, result, received);
    return out.text(style);
}

std::string rates(const run_result& result, const text_style& style) {
    table out({{"rate", side::left}, {"packets/s"}, {"bit/s on the wire"}});
    for (const auto* name : {"offered", "received", "delivered", "forwarded"}) {
        const auto of = [&](std::string_view what) {
            return number_or_nan(result, fmt::format("rate.{}.{}_per_second", name, what));
        };
        if (of("packets") > 0) out.row({name, short_number(of("packets")), short_number(of("bits"))});
    }
    if (out.empty()) return "";
    return out.text(style) + fmt::format("lost before the host took them: {}; dropped in all: {}\n",
                                         percent(number_or_nan(result, "packets.lost.ratio")),
                                         percent(number_or_nan(result, "packets.dropped.ratio")));
}

std::string forwarding(const run_result& result, const text_style& style) {
    table out(
        {{"forwarded by", side::left}, {"next hop", side::left}, {"packets"}, {"of forwarded"}, {"", side::left}});
    const auto all = result.number("packets.forwarded");
    for (const auto& each : result.forwarded) {
        const auto share = static_cast<double>(each.packets) / all;
        out.row({each.device, each.gateway.empty() ? "their destinations" : each.gateway, grouped(each.packets),
                 percent(share), bar(share, 20)});
    }
    return out.empty() ? "" : out.text(style);
}

std::string events(const run_result& result, const text_style& style) {
    table out({{"event", side::left}, {"count"}});
    for (const auto& each : result.statistics) {
        const auto group = each.name.substr(0, each.name.find('.'));
        if (group != "tcp" && group != "icmp" && group != "nic" && group != "napi") continue;
        if (each.value.value_or(0) != 0) out.row({each.name, grouped(static_cast<std::uint64_t>(*each.value))});
    }
    return out.empty() ? "" : out.text(style);
}

// What the flows ask of a NIC's wire, in bits per second.
double asked_of(const nic_spec& nic, const host_spec& host) {
    double bits_per_second = 0;
    for (const auto& flow : host.flows) {
        const auto devices = flow.devices.empty() ? std::vector{flow.device} : flow.devices;
        const auto here = std::count_if(devices.begin(), devices.end(), [&](const std::string& name) {
            return name == nic.name || (name.empty() && &nic == &host.nics.front());
        });
        constexpr std::uint64_t ip_and_udp = 28, ip_and_tcp = 40;
        const auto headers = flow.type == flow_spec::kind::udp ? ip_and_udp : ip_and_tcp;
        const auto bits = static_cast<double>(frame_bits({flow.payload.value + headers}));
        bits_per_second += bits * picoseconds_per_second / static_cast<double>(flow.interval.value) *
                           static_cast<double>(here) / static_cast<double>(devices.size());
    }
    return bits_per_second;
}

// Why a rate that was asked for is not what the table of rates says.
std::string warnings(const scenario& from, const run_result& result) {
    constexpr double full = 0.99;  // between two softirqs there is always a moment
    std::string text;
    for (const auto& nic : from.host.nics) {
        const auto asked = asked_of(nic, from.host);
        const auto rate = static_cast<double>(nic.rate_bits_per_second);
        if (asked > rate)
            text += fmt::format("{}: the flows ask for {} bit/s, its wire takes {}\n", nic.name, short_number(asked),
                                short_number(rate));
    }
    if (const auto lost = result.number("drops.wire_queue"); lost != 0)
        text += fmt::format("more was offered than a wire takes: {} packets found the sender's queue full\n",
                            grouped(static_cast<std::uint64_t>(lost)));
    if (number_or_nan(result, "core.utilisation") >= full)
        text += "the core is full: latencies and what its tasks cost a packet depend on the load\n";
    return text;
}

}  // namespace

std::string report_text(const scenario& from, const run_result& result, const text_style& style) {
    std::string text = headline(from, result, style);
    for (const auto& part : {stages(result, style), memory(result, style), latencies(result, style),
                             outcomes(result, style), rates(result, style), decisions(result, style),
                             routes(result, style), forwarding(result, style), events(result, style)}) {
        if (!part.empty()) text += '\n' + part;
    }
    if (const auto said = warnings(from, result); !said.empty()) text += '\n' + said;
    for (const auto& stall : result.stalls) text += '\n' + stall + '\n';
    return text;
}

std::string wall_line(const run_result& result) {
    return fmt::format("simulated {} packets in {:.2f} s: {} packets/s\n", count(result, "packets.received"),
                       result.number("wall.seconds"), count(result, "wall.packets_per_second"));
}

}  // namespace rxpath
