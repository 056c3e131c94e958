#include "sim/study/path_saving.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace rxpath {

namespace {

constexpr double most_of_other_fate = 0.01 + 1e-9;  // one in a hundred is not more

double packets_of(const json& fate) { return fate.at("packets").get<double>(); }

// What two packets of equal fate have in common.
std::string name_of(const json& fate) {
    return json{fate.at("outcome"), fate.at("reason"), fate.at("place"), fate.at("called")}.dump();
}

std::string outcome_of(const json& fate) {
    const auto outcome = fate.at("outcome").get<std::string>();
    const auto& reason = fate.at("reason");
    return reason.is_null() ? outcome : outcome + ": " + reason.get<std::string>();
}

std::map<std::string, double> outcomes_of(const json& fates) {
    std::map<std::string, double> packets;
    for (const auto& fate : fates) packets[outcome_of(fate)] += packets_of(fate);
    return packets;
}

double sum_of(const std::map<std::string, double>& packets) {
    double sum = 0;
    for (const auto& [name, count] : packets) sum += count;
    return sum;
}

void add(path_cost& sum, const json& part, double weight) {
    sum.instructions += part.at("instructions").get<double>() * weight;
    sum.context_instructions += part.value("context_instructions", 0.0) * weight;
    sum.cycles += part.at("cycles").get<double>() * weight;
}

// `weight`: of the group, by packet of it.
void add(path_costs& sums, const json& fate, double weight) {
    for (const auto& [stage, part] : fate.at("stages").items()) {
        add(sums.by_stage[stage], part, weight);
        add(sums.all, part, weight);
    }
    for (const auto& [cause, part] : fate.at("causes").items())
        sums.cycles_by_cause[cause] += part.at("cycles").get<double>() * weight;
    for (const auto& [function, part] : fate.at("functions").items()) add(sums.by_function[function], part, weight);
}

// "cycles_per_packet" of a cost.
std::optional<double> part_of(const path_cost& cost, std::string_view what, double frequency_ghz) {
    if (what == "instructions_per_packet") return cost.instructions;
    if (what == "context_instructions_per_packet") return cost.context_instructions;
    if (what == "cycles_per_packet") return cost.cycles;
    if (what == "ns_per_packet") return cost.cycles / frequency_ghz;
    return {};
}

}  // namespace

std::optional<double> path_statistic(const path_costs& costs, std::string_view statistic, double frequency_ghz) {
    const auto dot = statistic.rfind('.');
    if (dot == std::string_view::npos) return part_of(costs.all, statistic, frequency_ghz);
    const auto what = statistic.substr(dot + 1);
    for (const auto& [stage, cost] : costs.by_stage) {
        const path_cost both{cost.instructions + cost.context_instructions, 0, cost.cycles};
        if (statistic.substr(0, dot) == "stage." + stage) return part_of(both, what, frequency_ghz);
    }
    for (const auto& [cause, taken] : costs.cycles_by_cause)
        if (statistic.substr(0, dot) == "cause." + cause && what == "cycles_per_packet") return taken;
    return {};
}

bool path_saving::fates_differ() const {
    if (packets == 0) return true;
    std::set<std::string> names;
    for (const auto* fates : {&first_fates, &last_fates})
        for (const auto& [name, count] : *fates) names.insert(name);
    const auto part = [](const std::map<std::string, double>& fates, const std::string& name) {
        const auto found = fates.find(name);
        return found == fates.end() ? 0 : found->second / sum_of(fates);
    };
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::abs(part(first_fates, name) - part(last_fates, name)) > most_of_other_fate;
    });
}

namespace {

// A fate that occurs in both variants.
struct shared_fate {
    const json *first, *last;
    double packets;  // as many as both have
};

std::vector<shared_fate> shared_fates(const json& first, const json& last) {
    std::map<std::string, const json*> in_first;
    for (const auto& fate : first) in_first[name_of(fate)] = &fate;
    std::vector<shared_fate> shared;
    for (const auto& fate : last) {
        const auto other = in_first.find(name_of(fate));
        if (other == in_first.end()) continue;
        shared.push_back({other->second, &fate, std::min(packets_of(*other->second), packets_of(fate))});
    }
    return shared;
}

}  // namespace

path_saving path_saving_of(const json& first, const json& last) {
    path_saving found;
    found.first_fates = outcomes_of(first);
    found.last_fates = outcomes_of(last);
    const auto shared = shared_fates(first, last);
    for (const auto& each : shared) found.packets += each.packets;
    for (const auto& each : shared) {
        const auto weight = each.packets / found.packets;
        add(found.first, *each.first, weight / packets_of(*each.first));
        add(found.last, *each.last, weight / packets_of(*each.last));
    }
    const auto received = std::max(sum_of(found.first_fates), sum_of(found.last_fates));
    found.share = found.packets == 0 ? 0 : found.packets / received;
    return found;
}

}  // namespace rxpath
