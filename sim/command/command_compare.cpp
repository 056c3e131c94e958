// rxpath compare: the variants of [compare], each in a process of its own; with --sensitivity, these again at the ends
// of each assumed number's range.
#include <fmt/format.h>

#include <stdexcept>

#include "sim/command/command_line.h"
#include "sim/result/fates_json.h"
#include "sim/result/simulation.h"
#include "sim/study/comparison.h"
#include "sim/study/sensitivity.h"
#include "sim/support/child_process.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

std::vector<json> run_variants(const scenario& from, const std::vector<variant>& variants, std::size_t jobs) {
    std::vector<child_task> tasks;
    for (const auto& chosen : variants) {
        tasks.emplace_back([&from, &chosen] {
            auto spec = from.with(chosen);
            spec.keep_fates = true;
            const simulation done(spec, chosen.name());
            auto result = to_json(result_of(done.measured(), spec, done.wall_seconds()));
            result["fates"] = to_json(done.measured().fates);
            return result.dump();
        });
    }
    std::vector<json> results(tasks.size());
    run_children(tasks, jobs, [&](std::size_t index, const child_result& result) {
        if (!result.finished) throw std::runtime_error(variants[index].name() + ": " + result.text);
        results[index] = json::parse(result.text);
    });
    return results;
}

command_options compare_options() {
    command_options known("compare", "FILE");
    known.add()("set", options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                "override a parameter in all variants; may be repeated")(
        "sensitivity", "vary each assumed number over its range, and rank what moves the saving")(
        "jobs", options::value<std::string>()->value_name("N")->default_value("1"), "runs at a time")(
        "json", "print the comparison as JSON");
    return known;
}

json expectations_json(const comparison& compared) {
    auto out = json::array();
    for (const auto* list : {&compared.from.expectations, &compared.from.compared_expectations}) {
        for (const auto& each : *list) {
            const auto found = compared.value(each.statistic);
            out.push_back({{"statistic", each.statistic},
                           {"expected", each.text},
                           {"found", found ? json(*found) : json(nullptr)},
                           {"holds", found && each.holds(*found)}});
        }
    }
    return out;
}

void print(const comparison& compared, const std::optional<sensitivity>& ranked, bool as_json) {
    if (as_json) {
        auto out = to_json(compared);
        out["expectations"] = expectations_json(compared);
        if (ranked) out["sensitivity"] = to_json(*ranked);
        fmt::print("{}\n", out.dump(2));
        return;
    }
    const auto style = style_for(stdout);
    fmt::print("{}", comparison_text(compared, style));
    if (ranked) fmt::print("\n{}", sensitivity_text(*ranked, style));
}

}  // namespace

int command_compare(const arguments& given) {
    auto known = compare_options();
    if (!known.parse(given)) return exit_status::done;
    const auto jobs = known.jobs();
    const auto from = load_scenario(known.text("FILE"), known.settings());
    if (from.variants.size() < 2) {
        throw input_error(from.file +
                          ": compare: missing: a section [compare] with a parameter and two values or more");
    }
    const comparison compared{from, run_variants(from, from.variants, jobs)};
    std::optional<sensitivity> ranked;
    if (known.has("sensitivity")) ranked = rank(compared, run_variants(from, points_of_sensitivity(from), jobs));
    print(compared, ranked, known.has("json"));
    const auto value = [&](std::string_view name) { return compared.value(name); };
    auto failures = failed_expectations(from.expectations, from.file, value);
    const auto compared_failures = failed_expectations(from.compared_expectations, from.file, value);
    failures.insert(failures.end(), compared_failures.begin(), compared_failures.end());
    for (const auto& failure : failures) fmt::print(stderr, "rxpath: {}\n", failure);
    return failures.empty() ? exit_status::done : exit_status::expectation_failed;
}

}  // namespace rxpath
