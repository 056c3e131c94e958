#include "sim/hardware/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/hardware/shipped_measurement.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

// The base's row of each run.
std::map<std::uint32_t, const saving_row*> base_rows(const std::vector<saving_row>& rows, const std::string& name) {
    const auto& base = rows.front().host;
    std::map<std::uint32_t, const saving_row*> found;
    for (const auto& row : rows) {
        if (row.host == base) found[row.run] = &row;
    }
    for (const auto& row : rows) {
        if (found.count(row.run) == 0) {
            throw input_error(
                fmt::format("{}:{}: run: found {}, which has no row of the base ({}), allowed: a run with one", name,
                            row.line, row.run, to_string(base)));
        }
        if (found[row.run]->saved_p50 <= 0) {
            throw input_error(
                fmt::format("{}:{}: saved_p50: found {:g} in the base, allowed: more than 0, what the others "
                            "are compared with",
                            name, found[row.run]->line, found[row.run]->saved_p50));
        }
    }
    return found;
}

verdict verdict_on(const validated_group& group, bool is_base) {
    const auto& measured = group.measured;
    const bool one_flow = measured.host.flows == 1;
    if (one_flow && !is_base) {
        const auto error = std::abs(group.predicted_growth / measured.growth.median - 1);
        return error <= allowed_growth_error ? verdict::holds : verdict::fails;
    }
    if (measured.runs < 2) return verdict::undecided;
    const bool holds = is_base ? measured.saved_cycles.holds(group.predicted_saved_cycles)
                               : measured.growth.holds(group.predicted_growth);
    return holds ? verdict::holds : verdict::fails;
}

}  // namespace

spread spread_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    const auto median = values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

std::vector<measured_group> group_by_configuration(const std::vector<saving_row>& rows, const std::string& name) {
    const auto base_of_run = base_rows(rows, name);
    std::vector<measured_configuration> hosts;
    for (const auto& row : rows) {
        if (std::find(hosts.begin(), hosts.end(), row.host) == hosts.end()) hosts.push_back(row.host);
    }
    std::vector<measured_group> groups;
    for (const auto& host : hosts) {
        std::vector<double> growth, saved, on;
        for (const auto& row : rows) {
            if (!(row.host == host)) continue;
            growth.push_back(row.saved_share() / base_of_run.at(row.run)->saved_share());
            saved.push_back(row.saved_core_cycles());
            on.push_back(row.on_core_cycles());
        }
        groups.push_back({host, growth.size(), spread_of(growth), spread_of(saved), spread_of(on)});
    }
    return groups;
}

std::vector<measured_group> shipped_groups() {
    const std::string name = "native.csv";
    return group_by_configuration(parse_savings(shipped_measurement, name), name);
}

std::vector<validated_group> validate(const std::vector<measured_group>& groups,
                                      const std::vector<saving_prediction>& predictions) {
    const auto base_share = predictions.front().saved_share();
    std::vector<validated_group> validated;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        auto& group = validated.emplace_back();
        group.measured = groups[i];
        group.predicted_growth = predictions[i].saved_share() / base_share;
        group.predicted_saved_cycles = predictions[i].saved_cycles();
        group.predicted_on_cycles = predictions[i].on_cycles;
        group.result = verdict_on(group, i == 0);
    }
    return validated;
}

bool any_fails(const std::vector<validated_group>& groups) {
    return std::any_of(groups.begin(), groups.end(), [](auto& group) { return group.result == verdict::fails; });
}

bool is_fitted(const measured_configuration& configuration) {
    measured_configuration source_check, many_flows;
    source_check.rp_filter = 1;
    many_flows.flows = 16384;
    return configuration == measured_configuration{} || configuration == source_check || configuration == many_flows;
}

json to_json(const std::vector<validated_group>& groups) {
    auto rows = json::array();
    for (const auto& group : groups) {
        json row;
        for (const auto& column : configuration_columns()) {
            row[std::string(column.name)] = group.measured.host.*column.value;
        }
        row["measured_growth"] = group.measured.growth.median;
        row["predicted_growth"] = group.predicted_growth;
        row["measured_saved_cycles"] = group.measured.saved_cycles.median;
        row["predicted_saved_cycles"] = group.predicted_saved_cycles;
        rows.push_back(std::move(row));
    }
    return {{"rows", std::move(rows)}};
}

}  // namespace rxpath
