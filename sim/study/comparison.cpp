#include "sim/study/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/base/stage.h"
#include "sim/hardware/calibration_spread.h"

namespace rxpath {

namespace {

constexpr double full_core = 0.99;  // busy, of the time

std::optional<double> find_number(const json& result, std::string_view name) {
    for (const auto* group : {"statistics", "wall"}) {
        const auto& values = result.at(group);
        const auto found = values.find(std::string(name));
        if (found != values.end() && found->is_number()) return found->get<double>();
    }
    return {};
}

path_cost cost_of(const path_costs& costs, const std::string& function) {
    const auto found = costs.by_function.find(function);
    return found == costs.by_function.end() ? path_cost{} : found->second;
}

json fates_json(const std::map<std::string, double>& fates) {
    auto out = json::object();
    for (const auto& [fate, packets] : fates) out[fate] = static_cast<std::uint64_t>(packets);
    return out;
}

json number_or_null(const std::optional<double>& number) { return number ? json(*number) : json(nullptr); }

json by_stage(const comparison& compared) {
    auto out = json::object();
    for (std::size_t i = 0; i < stage_count; ++i) {
        auto& part = out[std::string(to_string(static_cast<stage>(i)))];
        for (const auto* what : {"instructions_per_packet", "cycles_per_packet", "ns_per_packet"})
            part[what] = number_or_null(compared.saved(stage_statistic(i, what)));
        part["on_path"] = is_on_path(static_cast<stage>(i));
    }
    return out;
}

json by_cause(const comparison& compared) {
    auto out = json::object();
    for (std::size_t i = 0; i < cycle_cause_count; ++i) {
        const auto cause = static_cast<cycle_cause>(i);
        out[std::string(to_string(cause))]["cycles_per_packet"] =
            number_or_null(compared.saved(cause_statistic(cause)));
    }
    return out;
}

json by_function(const comparison& compared) {
    auto out = json::object();
    for (const auto& each : compared.differing_functions())
        out[each.function] = {{"instructions_per_packet", each.saved()}, {"cycles_per_packet", each.saved_cycles}};
    return out;
}

json saved_json(const comparison& compared) {
    if (compared.path.fates_differ()) return nullptr;
    auto out = json::object();
    for (const auto* name :
         {"instructions_per_packet", "context_instructions_per_packet", "cycles_per_packet", "ns_per_packet"}) {
        out[name] = number_or_null(compared.saved(name));
    }
    const auto range = spread_of_calibration(compared.from.host.cpu.model);
    out["calibrated_range"] = range ? json(range->around(compared.path.cycles())) : json(nullptr);
    const auto baseline = compared.path.last.all.cycles;
    out["percent_of_path"] = baseline > 0 ? json(100 * compared.path.cycles() / baseline) : json(nullptr);
    out["packets_of_equal_fate"] = compared.path.packets;
    out["by_stage"] = by_stage(compared);
    out["by_cause"] = by_cause(compared);
    out["by_function"] = by_function(compared);
    return out;
}

}  // namespace

double comparison::statistic_of(std::size_t variant, std::string_view name) const {
    return find(variant, name).value_or(0);
}

std::optional<double> comparison::find(std::size_t variant, std::string_view name) const {
    return find_number(results[variant], name);
}

std::optional<double> comparison::saved(std::string_view name) const {
    const auto last_variant = results.size() - 1;
    const auto last = path_statistic(path.last, name, frequency_ghz(last_variant));
    const auto first = path_statistic(path.first, name, frequency_ghz(0));
    if (first && last) return path.fates_differ() ? std::nullopt : std::optional(*last - *first);
    const auto one = find_number(results.front(), name), other = find_number(results.back(), name);
    return one && other ? std::optional(*other - *one) : std::nullopt;
}

std::optional<double> comparison::value(std::string_view name) const {
    const auto compared = parse_compared_statistic(name);
    if (!compared) return find_number(results.front(), name);
    if (compared->way == compared_statistic::saved) return saved(compared->statistic);
    const auto first = find_number(results.front(), compared->statistic);
    const auto last = find_number(results.back(), compared->statistic);
    return first && last && *first != 0 ? std::optional(*last / *first) : std::nullopt;
}

std::vector<function_difference> comparison::differing_functions() const {
    std::set<std::string> called;
    for (const auto* costs : {&path.first, &path.last})
        for (const auto& [function, cost] : costs->by_function) called.insert(function);
    std::vector<function_difference> found;
    for (const auto& function : called) {
        const auto first = cost_of(path.first, function), last = cost_of(path.last, function);
        const function_difference each{function, first.instructions, last.instructions, last.cycles - first.cycles};
        if (std::abs(each.saved()) >= 1e-6 || std::abs(each.saved_cycles) >= 0.5) found.push_back(each);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](auto& a, auto& b) { return std::abs(a.saved()) > std::abs(b.saved()); });
    return found;
}

bool comparison::core_is_full(std::size_t variant) const {
    return statistic_of(variant, "core.utilisation") >= full_core;
}

double comparison::frequency_ghz(std::size_t variant) const {
    const auto ns = statistic_of(variant, "ns_per_packet");
    return ns > 0 ? statistic_of(variant, "cycles_per_packet") / ns : 1;
}

std::string cause_statistic(cycle_cause cause) { return fmt::format("cause.{}.cycles_per_packet", to_string(cause)); }

std::string stage_statistic(std::size_t index, std::string_view what) {
    return fmt::format("stage.{}.{}", to_string(static_cast<stage>(index)), what);
}

json to_json(const comparison& compared) {
    auto variants = json::array();
    for (std::size_t i = 0; i < compared.results.size(); ++i) {
        const auto& variant = compared.from.variants[i];
        auto set = json::object();
        for (const auto& each : variant.set) set[each.name] = each.text;
        variants.push_back({{"name", variant.name()},
                            {"set", set},
                            {"core_is_full", compared.core_is_full(i)},
                            {"statistics", compared.results[i].at("statistics")}});
    }
    variants.front()["fates"] = fates_json(compared.path.first_fates);
    variants.back()["fates"] = fates_json(compared.path.last_fates);
    for (std::size_t i = 0; i < compared.results.size(); ++i)
        if (const auto lost = compared.statistic_of(i, "packets.lost"); lost != 0)
            variants[i]["fates"]["lost"] = static_cast<std::uint64_t>(lost);
    return {{"scenario", compared.from.file},
            {"title", compared.from.title},
            {"seed", compared.from.host.seed},
            {"variants", variants},
            {"fates_differ", compared.path.fates_differ()},
            {"saved", saved_json(compared)}};
}

}  // namespace rxpath
