#include "sim/explanation.h"

#include <fmt/format.h>

#include <vector>

#include "models/cpu/core_timing.h"
#include "sim/text.h"

namespace rxpath {

namespace {

struct call_cost {
    std::int64_t own = 0, with_callees = 0;  // instructions
    std::string steps;
};

std::vector<call_cost> costs_of(const call_trace& trace, const cost_profile& profile) {
    std::vector<call_cost> costs(trace.calls().size());
    for (std::size_t i = 0; i < costs.size(); ++i) costs[i].own = profile.base(trace.calls()[i].function).instructions;
    for (const auto& step : trace.steps()) {
        if (step.times == 0) continue;
        const auto function = trace.calls()[step.call].function;
        auto& cost = costs[step.call];
        cost.own += std::int64_t{profile.step(function, step.step).instructions} * step.times;
        cost.steps += fmt::format("{}{}", cost.steps.empty() ? "" : ", ", describe(function).step_name(step.step));
        if (step.times != 1) cost.steps += fmt::format(" x{}", step.times);
    }
    // Callees follow their caller and are deeper: from the end on, each depth's sum waits for the call above it.
    std::vector<std::int64_t> waiting;
    for (std::size_t i = costs.size(); i-- > 0;) {
        const std::size_t depth = trace.calls()[i].depth;
        if (waiting.size() < depth + 2) waiting.resize(depth + 2);
        costs[i].with_callees = costs[i].own + waiting[depth + 1];
        waiting[depth + 1] = 0;
        waiting[depth] += costs[i].with_callees;
    }
    return costs;
}

std::string nanoseconds_between(picoseconds begin, picoseconds end) {
    return short_number(static_cast<double>((end - begin).value) / 1000) + " ns";
}

}  // namespace

std::string explanation_header(const packet_record& record, const cpu_spec& cpu, const text_style& style) {
    auto text = style.bold(fmt::format("packet {}: {}", record.number, to_string(record.outcome)));
    if (record.outcome == packet_outcome::dropped) text += fmt::format(", {}", to_string(record.reason));
    text += fmt::format("\narrived at {} ns", short_number(static_cast<double>(record.arrival.value) / 1000));
    if (record.at_socket) text += ", on its socket after " + nanoseconds_between(record.arrival, *record.at_socket);
    if (record.at_application) text += ", read after " + nanoseconds_between(record.arrival, *record.at_application);
    text +=
        fmt::format("\nearly demux: {}; dst from: {}\n", to_string(record.early_demux), to_string(record.routed_by));
    const auto& done = record.done;
    text += fmt::format("{} instructions of the receive path, {} of its context: {} cycles, {} ns\n",
                        grouped(done.instructions), grouped(done.context_instructions), grouped(done.core_cycles),
                        short_number(static_cast<double>(done.core_cycles) / preset_of(cpu).frequency_ghz));
    return text;
}

std::string explanation_tree(const measurements& measured, const cost_profile& profile, const text_style& style) {
    const auto& trace = measured.explained;
    const auto costs = costs_of(trace, profile);
    auto text = style.bold(
        fmt::format("{:>8} {:>8} {:>8}  {:<13} {}", "own", "with all", "cycles", "stage", "call: steps taken"));
    text += '\n';
    std::string_view shown_stage;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        const auto& call = trace.calls()[i];
        const auto stage_name = i < measured.explained_stages.size() ? to_string(measured.explained_stages[i]) : "";
        const std::string indent(2u * call.depth, ' ');
        const auto steps = costs[i].steps.empty() ? "" : style.dim(": " + costs[i].steps);
        text += fmt::format("{:>8} {:>8} {:>8.1f}  {:<13} {}{}{}\n", costs[i].own, costs[i].with_callees,
                            measured.explained_cycles[i], stage_name == shown_stage ? "" : stage_name, indent,
                            describe(call.function).name, steps);
        shown_stage = stage_name;
        for (const auto& each : trace.reasons()) {
            if (each.call == i) text += fmt::format("{:41}{}  > {}\n", "", indent, each.text);
        }
    }
    return text;
}

}  // namespace rxpath
