#include "sim/report.h"

#include <fmt/format.h>

#include <cmath>

#include "models/cpu/memory_use.h"
#include "models/stage.h"
#include "sim/inert_settings.h"
#include "sim/text.h"

namespace rxpath {

namespace {

using side = table::side;

double number_or_nan(const run_result& result, const std::string& name) {
    return result.value(name).value_or(std::nan(""));
}

std::string count(const run_result& result, const std::string& name) {
    return grouped(static_cast<std::uint64_t>(result.number(name)));
}

std::string headline(const scenario& from, const run_result& result, const text_style& style) {
    const auto& host = from.host;
    auto text = style.bold(from.title.empty() ? from.file : from.title) + '\n';
    text += fmt::format("{}: {} packets in {} us simulated, {} timing, seed {}\n", from.file,
                        count(result, "packets.received"), short_number(result.number("simulated_ns") / 1000),
                        host.timing == timing_mode::fast ? "fast" : "exact", host.seed);
    return text + inert_settings_line(host);
}

std::string stages(const run_result& result, const text_style& style) {
    table out({{"stage", side::left},
               {"packets"},
               {"instructions/packet"},
               {"cycles/packet"},
               {"ns/packet"},
               {"share"},
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
    table out({{"found in", side::left}, {"data accesses/packet"}, {"share"}, {"code lines/packet"}, {"share"}});
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
         {std::pair{"wire to socket", "wire_to_socket"}, std::pair{"wire to application", "wire_to_application"}}) {
        const auto of = [&, key = name](std::string_view what) {
            return short_number(number_or_nan(result, fmt::format("latency.{}.{}_ns", key, what)));
        };
        out.row({label, of("p50"), of("p90"), of("p99"), of("max"), of("mean")});
    }
    return out.text(style);
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

std::string decisions(const run_result& result, const text_style& style) {
    const auto received = result.number("packets.received");
    table out({{"early demux", side::left}, {"packets"}, {"share"}, {"", side::left}});
    for (const auto& [label, name] : {std::pair{"called", "called"}, std::pair{"socket found", "socket_found"}}) {
        const auto n = result.number(fmt::format("early_demux.{}", name));
        out.row({label, grouped(static_cast<std::uint64_t>(n)), percent(n / received), bar(n / received, 20)});
    }
    out.rule();
    add_counts(out, result, "early_demux.", received, "");
    table routes({{"dst from", side::left}, {"packets"}, {"share"}, {"", side::left}});
    add_counts(routes, result, "route.", received, "");
    return out.text(style) + '\n' + routes.text(style);
}

std::string outcomes(const run_result& result, const text_style& style) {
    const auto received = result.number("packets.received");
    table out({{"outcome", side::left}, {"packets"}, {"share"}, {"", side::left}});
    for (const auto* name : {"delivered", "forwarded", "consumed", "dropped"}) {
        const auto n = result.number(fmt::format("packets.{}", name));
        if (n != 0)
            out.row({name, grouped(static_cast<std::uint64_t>(n)), percent(n / received), bar(n / received, 20)});
    }
    add_counts(out, result, "drops.", received, "  ");
    return out.text(style);
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

}  // namespace

std::string report_text(const scenario& from, const run_result& result, const text_style& style) {
    std::string text = headline(from, result, style);
    for (const auto& part : {stages(result, style), memory(result, style), latencies(result, style),
                             decisions(result, style), outcomes(result, style), events(result, style)}) {
        if (!part.empty()) text += '\n' + part;
    }
    return text;
}

std::string wall_line(const run_result& result) {
    return fmt::format("simulated {} packets in {:.2f} s: {} packets/s\n", count(result, "packets.received"),
                       result.number("wall.seconds"), count(result, "wall.packets_per_second"));
}

}  // namespace rxpath
