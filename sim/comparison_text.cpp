#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/stage.h"
#include "sim/calibration_spread.h"
#include "sim/comparison.h"

namespace rxpath {

namespace {

using side = table::side;

std::string variants_text(const comparison& compared, const text_style& style) {
    table out({{"variant", side::left},
               {"instructions/packet"},
               {"context"},
               {"cycles/packet"},
               {"ns/packet"},
               {"to socket p50 ns"},
               {"p99 ns"},
               {"dst reused"}});
    const std::string shown[] = {
        "instructions_per_packet", "context_instructions_per_packet", "cycles_per_packet",
        "ns_per_packet",           "latency.wire_to_socket.p50_ns",   "latency.wire_to_socket.p99_ns"};
    for (std::size_t i = 0; i < compared.results.size(); ++i) {
        std::vector<std::string> cells{compared.from.variants[i].name()};
        for (const auto& name : shown) cells.push_back(short_number(compared.statistic_of(i, name)));
        cells.push_back(percent(compared.statistic_of(i, "early_demux.dst_reused.ratio")));
        out.row(std::move(cells));
    }
    std::vector<std::string> cells{"saved: last - first"}, shares{"of the last"};
    for (const auto& name : shown) {
        cells.push_back(short_number(compared.saved(name)));
        shares.push_back(percent(compared.saved(name) / compared.last(name)));
    }
    out.rule();
    out.row(std::move(cells));
    out.row(std::move(shares));
    return out.text(style);
}

std::string stages_text(const comparison& compared, const text_style& style) {
    table out({{"stage", side::left},
               {"first cycles/packet"},
               {"last cycles/packet"},
               {"saved cycles"},
               {"saved ns"},
               {"of the saving"},
               {"", side::left}});
    const auto total = compared.saved("cycles_per_packet");
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto name = stage_statistic(i, "cycles_per_packet");
        const auto share = compared.saved(name) / total;
        out.row({std::string(to_string(static_cast<stage>(i))), short_number(compared.first(name)),
                 short_number(compared.last(name)), short_number(compared.saved(name)),
                 short_number(compared.saved(stage_statistic(i, "ns_per_packet"))), percent(share), bar(share, 20)});
    }
    return out.text(style);
}

std::string causes_text(const comparison& compared, const text_style& style) {
    constexpr std::string_view meanings[] = {"running, with all at hand", "returns and indirect calls, by mitigations",
                                             "waits for code, mispredictions in it", "waits for data",
                                             "interrupts, wake-ups, read()"};
    static_assert(std::size(meanings) == std::size(compared_causes));
    table out(
        {{"cycles pass for", side::left}, {"first"}, {"last"}, {"saved cycles"}, {"of the saving"}, {"", side::left}});
    const auto total = compared.saved("cycles_per_packet");
    for (std::size_t i = 0; i < std::size(compared_causes); ++i) {
        const auto name = cause_statistic(compared_causes[i]);
        out.row({std::string(compared_causes[i]), short_number(compared.first(name)), short_number(compared.last(name)),
                 short_number(compared.saved(name)), percent(compared.saved(name) / total), std::string(meanings[i])});
    }
    return out.text(style);
}

std::string functions_text(const comparison& compared, const text_style& style) {
    constexpr std::size_t most_rows = 20;
    table out({{"function", side::left},
               {"first instructions/packet"},
               {"last instructions/packet"},
               {"saved"},
               {"saved cycles"}});
    auto found = compared.differing_functions();
    // The handshakes alone make some functions differ by next to nothing.
    const auto is_little = [](auto& each) {
        return std::abs(each.saved()) < 0.05 && std::abs(each.saved_cycles) < 0.5;
    };
    found.erase(std::remove_if(found.begin(), found.end(), is_little), found.end());
    for (std::size_t i = 0; i < std::min(found.size(), most_rows); ++i) {
        out.row({found[i].function, short_number(found[i].first), short_number(found[i].last),
                 short_number(found[i].saved()), short_number(found[i].saved_cycles)});
    }
    auto text = out.text(style);
    if (found.size() > most_rows) text += fmt::format("and {} more; --json has all\n", found.size() - most_rows);
    return text;
}

std::string saving_text(const comparison& compared, const text_style& style) {
    const auto& model = compared.from.host.cpu.model;
    const auto saved = compared.saved("cycles_per_packet");
    const auto spread = spread_of_calibration(model);
    const auto line = fmt::format("saved: {} cycles/packet", short_number(saved));
    if (!spread) return style.bold(line) + fmt::format("\nno range: no measurement on {} is shipped\n", model);
    const auto [low, high] = spread->around(saved);
    return style.bold(fmt::format("{}, from {} to {}", line, short_number(low), short_number(high))) +
           fmt::format("\nas far apart as the {} runs on hardware that {} is calibrated to\n", spread->runs, model);
}

}  // namespace

std::string comparison_text(const comparison& compared, const text_style& style) {
    const auto& from = compared.from;
    return style.bold(from.title.empty() ? from.file : from.title) + '\n' + from.file + "\n\n" +
           variants_text(compared, style) + '\n' + stages_text(compared, style) + '\n' + causes_text(compared, style) +
           '\n' + functions_text(compared, style) + '\n' + saving_text(compared, style);
}

}  // namespace rxpath
