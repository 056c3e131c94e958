// rxpath run: one simulation.
#include <fmt/format.h>

#include <optional>

#include "sim/command/command_line.h"
#include "sim/report/report.h"
#include "sim/report/run_outputs.h"
#include "sim/result/run_result.h"
#include "sim/result/simulation.h"
#include "sim/scenario/inert_settings.h"
#include "sim/scenario/scenario.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

command_options run_options() {
    command_options known("run", "FILE");
    known.add()("set", options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                "override a parameter; may be repeated")(
        "timing", options::value<std::string>()->value_name("exact|fast"), "shorthand for --set run.timing=...")(
        "out", options::value<std::string>()->value_name("DIR"),
        "write statistics.json, packets.csv and report.txt there, all of them or none")(
        "json", "print statistics as JSON")("quiet,q", "print nothing but failures");
    return known;
}

json describe(const scenario& from, const std::vector<setting>& settings) {
    auto set = json::object();
    for (const auto& each : settings) set[each.name] = each.text;
    return {
        {"scenario", from.file},  {"title", from.title}, {"notes", from.notes},
        {"seed", from.host.seed}, {"set", set},          {"sysctls_without_effect", inert_settings_json(from.host)}};
}

void print_result(const command_options& given, const scenario& from, json description, const run_result& result,
                  const std::vector<std::string>& failures) {
    if (given.has("json")) {
        auto statistics = to_json(result.statistics);
        statistics.update(to_json(result.wall));
        description["statistics"] = statistics;
        description["forwarded"] = to_json(result.forwarded);
        description["failed_expectations"] = failures;
        fmt::print("{}\n", description.dump(2));
    } else if (!given.has("quiet")) {
        fmt::print("{}", report_text(from, result, style_for(stdout)));
        std::fflush(stdout);
        fmt::print(stderr, "{}", wall_line(result));
    }
}

}  // namespace

int command_run(const arguments& given) {
    auto known = run_options();
    if (!known.parse(given)) return exit_status::done;
    auto settings = known.settings();
    if (known.has("timing")) settings.push_back({"run.timing", known.text("timing")});
    auto from = load_scenario(known.text("FILE"), settings);
    from.host.keep_packet_records = known.has("out");
    std::optional<run_outputs> outputs;
    if (known.has("out")) outputs.emplace(known.text("out"), from.inputs);

    const simulation done(from.host, "simulating", outputs ? outputs->listeners() : std::vector<run_observer*>{});
    const auto result = result_of(done.measured(), from.host, done.wall_seconds());
    const auto failures =
        failed_expectations(from.expectations, from.file, [&](std::string_view name) { return result.value(name); });
    const auto description = describe(from, settings);
    if (outputs) outputs->write({from, description, result, done.measured()});
    print_result(known, from, description, result, failures);
    for (const auto& stall : result.stalls) fmt::print(stderr, "rxpath: {}\n", stall);
    for (const auto& failure : failures) fmt::print(stderr, "rxpath: {}\n", failure);
    return failures.empty() ? exit_status::done : exit_status::expectation_failed;
}

}  // namespace rxpath
