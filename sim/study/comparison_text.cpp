#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/stage.h"
#include "sim/hardware/calibration_spread.h"
#include "sim/study/comparison.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

using side = table::side;

// Sums of doubles in another order leave a rest that is none.
double without_rest(double difference) { return std::abs(difference) < 1e-6 ? 0 : difference; }

std::string short_or_dash(const std::optional<double>& number) { return number ? short_number(*number) : "-"; }

std::string variants_text(const comparison& compared, const text_style& style) {
    table out(
        {{"variant", side::left}, {"instructions"}, {"cycles"}, {"core busy"}, {"p50 ns"}, {"p99 ns"}, {"dst reused"}});
    for (std::size_t i = 0; i < compared.results.size(); ++i) {
        const auto of = [&](std::string_view name) { return compared.statistic_of(i, name); };
        const auto latency = [&](std::string_view which) {
            return short_or_dash(compared.find(i, fmt::format("latency.wire_to_socket.{}_ns", which)));
        };
        out.row({compared.from.variants[i].name(), short_number(of("instructions_per_packet")),
                 short_number(of("cycles_per_packet")), percent(of("core.utilisation")), latency("p50"), latency("p99"),
                 percent(of("early_demux.dst_reused.ratio"))});
    }
    return out.text(style) +
           "a packet; instructions: of the receive path's own functions, without context; p50, p99: from the wire to "
           "its socket;\n"
           "dst reused: of the packets that early demux looked at\n";
}

std::string full_cores_text(const comparison& compared, const text_style& style) {
    std::string text;
    for (std::size_t i = 0; i < compared.results.size(); ++i) {
        if (!compared.core_is_full(i)) continue;
        text += style.bad("the core is full") +
                fmt::format(" with {}: latencies and the application's cycles are those of an overload\n",
                            compared.from.variants[i].name());
    }
    return text;
}

// What never came to the path is no part of a saving; that it was lost is said.
std::string losses_text(const comparison& compared, const text_style& style) {
    std::string text;
    for (std::size_t i = 0; i < compared.results.size(); ++i) {
        const auto lost = compared.statistic_of(i, "packets.lost");
        if (lost == 0) continue;
        text += style.bad("lost before the host took them") +
                fmt::format(" with {}: {} packets, {} of those offered\n", compared.from.variants[i].name(),
                            grouped(static_cast<std::uint64_t>(lost)),
                            percent(compared.statistic_of(i, "packets.lost.ratio")));
    }
    return text;
}

std::string fates_line(const std::string& variant, const std::map<std::string, double>& fates) {
    std::string text;
    for (const auto& [fate, packets] : fates)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(static_cast<std::uint64_t>(packets)), fate);
    return fmt::format("  {}: {}\n", variant, text.empty() ? "none received" : text);
}

// Instead of a saving.
std::string differing_fates_text(const comparison& compared, const text_style& style) {
    const auto& variants = compared.from.variants;
    if (compared.path.packets == 0 && compared.path.first_fates.empty() && compared.path.last_fates.empty())
        return "no variant received a packet: there is nothing to compare\n";
    return style.bad("fates differ") + ", so there is no saving: packets that end otherwise are other work\n" +
           fates_line(variants.front().name(), compared.path.first_fates) +
           fates_line(variants.back().name(), compared.path.last_fates);
}

std::string stages_text(const comparison& compared, const text_style& style) {
    table out({{"stage", side::left},
               {"first cycles"},
               {"last cycles"},
               {"saved cycles"},
               {"saved ns"},
               {"of the saving"},
               {"", side::left}});
    const auto& path = compared.path;
    for (std::size_t i = 0; i < stage_count; ++i) {
        if (!is_on_path(static_cast<stage>(i))) continue;
        const auto name = std::string(to_string(static_cast<stage>(i)));
        const auto first = path.first.by_stage.at(name).cycles, last = path.last.by_stage.at(name).cycles;
        const auto saved = without_rest(last - first), share = saved == 0 ? 0 : saved / path.cycles();
        const auto ns = compared.saved(stage_statistic(i, "ns_per_packet"));
        out.row({name, short_number(first), short_number(last), short_number(saved),
                 ns ? short_number(without_rest(*ns)) : "-", percent(share), bar(share, 12)});
    }
    out.rule();
    out.row({"path", short_number(path.first.all.cycles), short_number(path.last.all.cycles),
             short_number(path.cycles()), short_or_dash(compared.saved("ns_per_packet"))});
    return out.text(style);
}

// What a run also pays for, and what depends on the load rather than on the dst.
std::string beside_text(const comparison& compared) {
    std::string text;
    for (const auto each : {stage::napi, stage::application}) {
        const auto name = stage_statistic(static_cast<std::size_t>(each), "cycles_per_packet");
        text += fmt::format("{}{} {} and {}", text.empty() ? "" : ", ", to_string(each),
                            short_number(compared.statistic_of(0, name)),
                            short_number(compared.statistic_of(compared.results.size() - 1, name)));
    }
    return fmt::format("not in it, for it depends on the load: {} cycles/packet\n", text);
}

std::string causes_text(const comparison& compared, const text_style& style) {
    constexpr std::string_view meanings[] = {"running, with all at hand", "returns and indirect calls, by mitigations",
                                             "waits for code, mispredictions in it", "waits for data"};
    static_assert(std::size(meanings) == cycle_cause_count);
    table out(
        {{"cycles pass for", side::left}, {"first"}, {"last"}, {"saved cycles"}, {"of the saving"}, {"", side::left}});
    const auto& path = compared.path;
    for (std::size_t i = 0; i < cycle_cause_count; ++i) {
        const auto name = std::string(to_string(static_cast<cycle_cause>(i)));
        const auto first = path.first.cycles_by_cause.at(name), last = path.last.cycles_by_cause.at(name);
        out.row({name, short_number(first), short_number(last), short_number(last - first),
                 percent((last - first) / path.cycles()), std::string(meanings[i])});
    }
    return out.text(style);
}

std::string functions_text(const comparison& compared, const text_style& style) {
    constexpr std::size_t most_rows = 20;
    table out({{"function", side::left}, {"first instructions"}, {"last instructions"}, {"saved"}, {"saved cycles"}});
    auto found = compared.differing_functions();
    // A few packets of another path make some functions differ by next to nothing.
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
    const auto saved = compared.path.cycles();
    const auto spread = spread_of_calibration(model);
    const auto line = fmt::format("saved: {} cycles/packet on the path, on {}", short_number(saved), model);
    if (!spread) return style.bold(line) + fmt::format("\nno range: no measurement on {} is shipped\n", model);
    const auto [low, high] = spread->around(saved);
    return style.bold(fmt::format("{}, from {} to {}", line, short_number(low), short_number(high))) +
           fmt::format("\nas far apart as the {} runs on hardware that {} is calibrated to\n", spread->runs, model);
}

std::string saving_tables(const comparison& compared, const text_style& style) {
    const auto& path = compared.path;
    return fmt::format(
               "a packet's path from IP to its socket, between {} packets of equal fate ({} of those received)\n",
               grouped(static_cast<std::uint64_t>(path.packets)), percent(path.share)) +
           stages_text(compared, style) + beside_text(compared) + '\n' + causes_text(compared, style) + '\n' +
           functions_text(compared, style) + '\n' + saving_text(compared, style);
}

}  // namespace

std::string comparison_text(const comparison& compared, const text_style& style) {
    const auto& from = compared.from;
    const auto head = style.bold(from.title.empty() ? from.file : from.title) + '\n' + from.file + "\n\n" +
                      variants_text(compared, style) + full_cores_text(compared, style) + losses_text(compared, style) +
                      '\n';
    return head +
           (compared.path.fates_differ() ? differing_fates_text(compared, style) : saving_tables(compared, style));
}

}  // namespace rxpath
