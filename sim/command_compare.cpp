// rxpath compare: the variants of [compare], each in a process of its own.
#include <fmt/format.h>

#include <stdexcept>

#include "sim/child_process.h"
#include "sim/command_line.h"
#include "sim/comparison.h"
#include "sim/error.h"
#include "sim/simulation.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

std::vector<json> run_variants(const scenario& from) {
    std::vector<child_task> tasks;
    for (const auto& chosen : from.variants) {
        tasks.emplace_back([&from, &chosen] {
            const auto spec = from.with(chosen);
            const simulation done(spec, chosen.name());
            return to_json(result_of(done.measured(), spec, done.wall_seconds())).dump();
        });
    }
    std::vector<json> results(tasks.size());
    run_children(tasks, 1, [&](std::size_t index, const child_result& result) {
        if (!result.finished) throw std::runtime_error(from.variants[index].name() + ": " + result.text);
        results[index] = json::parse(result.text);
    });
    return results;
}

std::optional<double> find_number(const json& result, std::string_view name) {
    for (const auto* group : {"statistics", "wall"}) {
        const auto& values = result.at(group);
        const auto found = values.find(std::string(name));
        if (found != values.end() && found->is_number()) return found->get<double>();
    }
    return {};
}

}  // namespace

int command_compare(const arguments& given) {
    command_options known("compare", "FILE");
    known.add()("set", options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                "override a parameter in all variants; may be repeated")("json", "print the comparison as JSON");
    if (!known.parse(given)) return exit_status::done;
    const auto from = load_scenario(known.text("FILE"), known.settings());
    if (from.variants.size() < 2) {
        throw input_error(from.file +
                          ": compare: missing: a section [compare] with a parameter and two values or more");
    }
    const comparison compared{from, run_variants(from)};
    if (known.has("json")) {
        fmt::print("{}\n", to_json(compared).dump(2));
    } else {
        fmt::print("{}", comparison_text(compared, style_for(stdout)));
    }
    const auto failures = failed_expectations(from.expectations, from.file, [&](std::string_view name) {
        return find_number(compared.results.front(), name);
    });
    for (const auto& failure : failures) fmt::print(stderr, "rxpath: {}\n", failure);
    return failures.empty() ? exit_status::done : exit_status::expectation_failed;
}

}  // namespace rxpath
