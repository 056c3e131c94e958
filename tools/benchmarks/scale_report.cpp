#include "scale_report.h"

#include <algorithm>

#include <fmt/format.h>

namespace rxpath {

namespace {

constexpr double most_seconds = 3, most_bytes_a_prefix = 200, most_bytes_a_socket = 700;
// How much longer a lookup may take among a million than among a thousand, where it walks no more levels; measurements
// on a machine with other work vary by so much.
constexpr double most_growth = 1.25;
constexpr double nanoseconds = 1e9;

void line(const std::string& what, double thousand, double million, const std::string& verdict) {
    const auto ratio = thousand > 0 ? fmt::format("{:.2f}", million / thousand) : "";
    fmt::print("{:<46} {:>10.2f} {:>12.2f} {:>8}  {}\n", what, thousand, million, ratio, verdict);
}

void heading(const std::string& what) {
    fmt::print("\n{:<46} {:>10} {:>12} {:>8}  {}\n", what, "1,000", "1,000,000", "ratio", "limit");
}

}  // namespace

void scale_reporter::ReportRuns(const std::vector<Run>& runs) {
    ConsoleReporter::ReportRuns(runs);
    for (const auto& run : runs) {
        const bool million = run.run_name.args == "1000000";
        for (const auto& [name, counter] : run.counters) {
            auto& known = m_figures[run.run_name.function_name + " " + name];
            (million ? known.million : known.thousand) = counter.value;
        }
    }
}

scale_reporter::figure scale_reporter::of(const std::string& benchmark, const std::string& counter) const {
    const auto found = m_figures.find(benchmark + " " + counter);
    return found == m_figures.end() ? figure{} : found->second;
}

std::string scale_reporter::limited(double value, double limit) {
    const bool within = value < limit;
    m_within_limits = m_within_limits && within;
    return fmt::format("{:.2f} < {:.4g}: {}", value, limit, within ? "met" : "NOT MET");
}

void scale_reporter::print_routes() {
    const auto seconds = of("insert_routes", "seconds"), bytes = of("insert_routes", "bytes");
    const auto few = of("look_up_few_routes", "seconds"), levels = of("look_up_few_routes", "levels");
    const auto all = of("look_up_all_routes", "seconds"), depth = of("look_up_all_routes", "depth");
    const auto all_levels = of("look_up_all_routes", "levels"), deepest = of("look_up_all_routes", "max_depth");
    if (!seconds.complete() || !few.complete() || !all.complete()) return;
    heading("routes");
    line("insertion of all, s", seconds.thousand, seconds.million, limited(seconds.million, most_seconds));
    line("insertion, ns a prefix", seconds.thousand * 1e6, seconds.million * 1e3, "");
    line("memory, bytes a prefix", bytes.thousand, bytes.million, limited(bytes.million, most_bytes_a_prefix));
    line("depth of a leaf, average", depth.thousand, depth.million, "");
    line("depth of a leaf, most", deepest.thousand, deepest.million, "");
    line("lookup of few, levels walked", levels.thousand, levels.million, "");
    line("lookup of few, ns", few.thousand * nanoseconds, few.million * nanoseconds,
         limited(few.ratio(), most_growth * std::max(1.0, levels.ratio())));
    line("lookup of few, ns a level", few.thousand / levels.thousand * nanoseconds,
         few.million / levels.million * nanoseconds, "");
    line("lookup of any, levels walked", all_levels.thousand, all_levels.million, "");
    line("lookup of any, ns (waits for memory)", all.thousand * nanoseconds, all.million * nanoseconds, "none");
}

void scale_reporter::print_sockets() {
    const auto bytes = of("connect_sockets", "bytes"), few = of("look_up_few_sockets", "seconds");
    const auto passed = of("look_up_all_sockets", "passed"), all = of("look_up_all_sockets", "seconds");
    if (!bytes.complete() || !few.complete() || !all.complete()) return;
    heading("sockets");
    line("memory with the table, bytes a socket", bytes.thousand, bytes.million,
         limited(bytes.million, most_bytes_a_socket));
    line("lookup of few, ns", few.thousand * nanoseconds, few.million * nanoseconds, limited(few.ratio(), most_growth));
    line("lookup of any, other sockets in the chain", passed.thousand, passed.million, "");
    line("lookup of any, ns (waits for memory)", all.thousand * nanoseconds, all.million * nanoseconds, "none");
}

void scale_reporter::Finalize() {
    ConsoleReporter::Finalize();
    print_routes();
    print_sockets();
}

}  // namespace rxpath
