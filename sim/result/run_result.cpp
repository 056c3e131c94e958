#include "sim/result/run_result.h"

#include "sim/result/stall.h"

namespace rxpath {

namespace {

std::vector<function_cost> functions_of(const measurements& measured) {
    std::vector<function_cost> costs;
    const auto packets = static_cast<double>(measured.packets_received);
    for (const auto function : all_functions()) {
        const auto i = static_cast<std::size_t>(function);
        std::uint64_t calls = 0;
        std::int64_t instructions = 0;
        double cycles_taken = 0;
        for (const auto& functions : measured.functions) {
            calls += functions[i].calls;
            cycles_taken += functions[i].cycles;
            instructions += functions[i].instructions;
        }
        if (calls == 0 || packets == 0) continue;
        const auto each = static_cast<double>(instructions) / packets;
        costs.push_back({describe(function).name, static_cast<double>(calls) / packets, each, cycles_taken / packets});
    }
    return costs;
}

std::vector<forwarded_part> forwarded_by(const measurements& measured) {
    std::vector<forwarded_part> parts;
    for (const auto& [way, packets] : measured.forwarded_by) {
        const bool direct = way.gateway.is_unspecified();
        parts.push_back(
            {measured.devices[static_cast<std::size_t>(way.device)], direct ? "" : way.gateway.to_string(), packets});
    }
    return parts;
}

const statistic* find(const std::vector<statistic>& statistics, std::string_view name) {
    for (const auto& each : statistics) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

}  // namespace

std::optional<double> run_result::value(std::string_view name) const {
    const auto* found = find(statistics, name);
    if (!found) found = find(wall, name);
    return found ? found->value : std::nullopt;
}

double run_result::number(std::string_view name) const { return value(name).value_or(0); }

run_result result_of(const measurements& measured, const host_spec& spec, double wall_seconds) {
    return {statistics_of(measured, spec), wall_statistics(measured, wall_seconds), functions_of(measured),
            forwarded_by(measured), describe_stalls(measured, spec)};
}

json to_json(const std::vector<statistic>& statistics) {
    auto out = json::object();
    for (const auto& each : statistics) {
        if (!each.value) {
            out[each.name] = nullptr;
        } else if (each.counted) {
            out[each.name] = static_cast<std::uint64_t>(*each.value);
        } else {
            out[each.name] = *each.value;
        }
    }
    return out;
}

json to_json(const std::vector<forwarded_part>& forwarded) {
    auto out = json::array();
    for (const auto& each : forwarded) {
        const auto gateway = each.gateway.empty() ? json(nullptr) : json(each.gateway);
        out.push_back({{"device", each.device}, {"gateway", gateway}, {"packets", each.packets}});
    }
    return out;
}

json to_json(const run_result& result) {
    auto functions = json::object();
    for (const auto& each : result.functions) {
        functions[std::string(each.function)] = {{"calls_per_packet", each.calls},
                                                 {"instructions_per_packet", each.instructions},
                                                 {"cycles_per_packet", each.cycles}};
    }
    return {{"statistics", to_json(result.statistics)},
            {"wall", to_json(result.wall)},
            {"functions", functions},
            {"forwarded", to_json(result.forwarded)}};
}

}  // namespace rxpath
