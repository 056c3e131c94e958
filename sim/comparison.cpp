#include "sim/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/stage.h"
#include "sim/calibration_spread.h"

namespace rxpath {

namespace {

std::optional<double> find_number(const json& result, std::string_view name) {
    for (const auto* group : {"statistics", "wall"}) {
        const auto& values = result.at(group);
        const auto found = values.find(std::string(name));
        if (found != values.end() && found->is_number()) return found->get<double>();
    }
    return {};
}

double function_number(const json& result, const std::string& function, const std::string& what) {
    const auto& functions = result.at("functions");
    return functions.contains(function) ? functions.at(function).at(what).get<double>() : 0;
}

function_difference difference_of(const json& first, const json& last, const std::string& function) {
    return {
        function, function_number(first, function, "instructions_per_packet"),
        function_number(last, function, "instructions_per_packet"),
        function_number(last, function, "cycles_per_packet") - function_number(first, function, "cycles_per_packet")};
}

json saved_json(const comparison& compared) {
    auto out = json::object();
    for (const auto* name :
         {"instructions_per_packet", "context_instructions_per_packet", "cycles_per_packet", "ns_per_packet"}) {
        out[name] = compared.saved(name);
    }
    const auto range = spread_of_calibration(compared.from.host.cpu.model);
    const auto saved = compared.saved("cycles_per_packet");
    out["calibrated_range"] = range ? json(range->around(saved)) : json(nullptr);
    const auto baseline = compared.last("cycles_per_packet");
    out["percent"] = baseline > 0 ? json(100 * compared.saved("cycles_per_packet") / baseline) : json(nullptr);
    for (std::size_t i = 0; i < stage_count; ++i) {
        auto& stage_part = out["by_stage"][std::string(to_string(static_cast<stage>(i)))];
        for (const auto* what : {"instructions_per_packet", "cycles_per_packet", "ns_per_packet"}) {
            stage_part[what] = compared.saved(stage_statistic(i, what));
        }
    }
    for (const auto cause : compared_causes) {
        out["by_cause"][std::string(cause)]["cycles_per_packet"] = compared.saved(cause_statistic(cause));
    }
    out["by_function"] = json::object();
    for (const auto& each : compared.differing_functions()) {
        out["by_function"][each.function] = {{"instructions_per_packet", each.saved()},
                                             {"cycles_per_packet", each.saved_cycles}};
    }
    return out;
}

}  // namespace

double comparison::statistic_of(std::size_t variant, const std::string& name) const {
    const auto& values = results[variant].at("statistics");
    return values.contains(name) && values.at(name).is_number() ? values.at(name).get<double>() : 0;
}

std::optional<double> comparison::value(std::string_view name) const {
    const auto compared = parse_compared_statistic(name);
    const auto first = find_number(results.front(), compared ? compared->statistic : name);
    if (!compared || !first) return first;
    const auto last = find_number(results.back(), compared->statistic);
    if (!last) return {};
    if (compared->way == compared_statistic::saved) return *last - *first;
    return *first != 0 ? std::optional(*last / *first) : std::nullopt;
}

std::vector<function_difference> comparison::differing_functions() const {
    const auto &one = results.front(), &other = results.back();
    std::set<std::string> called;
    for (const auto* result : {&one, &other}) {
        for (const auto& [function, costs] : result->at("functions").items()) called.insert(function);
    }
    std::vector<function_difference> found;
    for (const auto& function : called) {
        found.push_back(difference_of(one, other, function));
        if (found.back().saved() == 0 && std::abs(found.back().saved_cycles) < 0.5) found.pop_back();
    }
    std::stable_sort(found.begin(), found.end(),
                     [](auto& a, auto& b) { return std::abs(a.saved()) > std::abs(b.saved()); });
    return found;
}

std::string cause_statistic(std::string_view cause) { return fmt::format("cause.{}.cycles_per_packet", cause); }

std::string stage_statistic(std::size_t index, std::string_view what) {
    return fmt::format("stage.{}.{}", to_string(static_cast<stage>(index)), what);
}

json to_json(const comparison& compared) {
    auto variants = json::array();
    for (std::size_t i = 0; i < compared.results.size(); ++i) {
        const auto& variant = compared.from.variants[i];
        auto set = json::object();
        for (const auto& each : variant.set) set[each.name] = each.text;
        variants.push_back(
            {{"name", variant.name()}, {"set", set}, {"statistics", compared.results[i].at("statistics")}});
    }
    return {{"scenario", compared.from.file},
            {"title", compared.from.title},
            {"seed", compared.from.host.seed},
            {"variants", variants},
            {"saved", saved_json(compared)}};
}

}  // namespace rxpath
