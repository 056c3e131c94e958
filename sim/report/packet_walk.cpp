#include "sim/report/packet_walk.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "models/cpu/core_timing.h"

namespace rxpath {

namespace {

std::string device_name(const measurements& measured, int ifindex) {
    const auto index = static_cast<std::size_t>(ifindex);
    return index < measured.devices.size() ? measured.devices[index] : "";
}

std::optional<double> nanoseconds_since(picoseconds begin, const std::optional<picoseconds>& end) {
    return end ? std::optional(static_cast<double>((*end - begin).value) / 1000) : std::nullopt;
}

// The packet's own calls, its shares, and whatever calls they are below.
std::vector<bool> shown_calls(const explained_work& work) {
    const auto& calls = work.trace.calls();
    std::vector<bool> shown(calls.size());
    std::size_t depth = 0;  // of what is shown next: it is below a call that is less deep
    for (std::size_t i = calls.size(); i-- > 0;) {
        shown[i] = work.calls[i].packets != 0 || calls[i].depth < depth;
        if (shown[i]) depth = calls[i].depth;
    }
    return shown;
}

walk_call call_of(const explained_work& work, std::size_t index) {
    const auto& traced = work.trace.calls()[index];
    const auto& explained = work.calls[index];
    walk_call call;
    call.function = describe(traced.function).name;
    call.stage = to_string(explained.worked);
    call.depth = traced.depth;
    call.packets = explained.packets;
    call.packet = explained.packets == 0 ? traced.packet : 0;
    call.instructions = explained.instructions;
    call.cycles = explained.cycles;
    return call;
}

// Steps and reasons, to the calls that are shown; `place`: of each call of the trace among them.
void add_steps_and_reasons(walk_part& part, const call_trace& trace, const std::vector<bool>& shown,
                           const std::vector<std::size_t>& place) {
    for (const auto& step : trace.steps()) {
        if (!shown[step.call] || step.times == 0) continue;
        auto& steps = part.calls[place[step.call]].steps;
        const auto name = describe(trace.calls()[step.call].function).step_name(step.step);
        const auto same = std::find_if(steps.begin(), steps.end(), [&](auto& each) { return each.name == name; });
        if (same != steps.end())
            same->times += step.times;
        else
            steps.push_back({std::string(name), step.times});
    }
    for (const auto& reason : trace.reasons())
        if (shown[reason.call]) part.calls[place[reason.call]].reasons.push_back(reason.text);
}

// Callees follow their caller and are deeper: from the end on, each depth's sum waits for the call above it.
void add_callees(std::vector<walk_call>& calls) {
    std::vector<std::int64_t> waiting;
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
        if (waiting.size() < call->depth + 2) waiting.resize(call->depth + 2);
        call->with_callees = call->instructions + std::exchange(waiting[call->depth + 1], 0);
        waiting[call->depth] += call->with_callees;
    }
}

walk_part part_of(const explained_work& work) {
    walk_part part;
    const auto shown = shown_calls(work);
    std::vector<std::size_t> place(shown.size());
    std::set<std::uint64_t> others;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        place[i] = part.calls.size();
        if (shown[i]) part.calls.push_back(call_of(work, i));
        if (shown[i] || work.calls[i].packets != 0) continue;
        ++part.others_calls;
        if (const auto packet = work.trace.calls()[i].packet; packet != 0) others.insert(packet);
    }
    part.others = others.size();
    part.cycles = work.whole_cycles;
    add_steps_and_reasons(part, work.trace, shown, place);
    add_callees(part.calls);
    return part;
}

json to_json(const walk_call& call) {
    auto steps = json::array();
    for (const auto& step : call.steps) steps.push_back({{"step", step.name}, {"times", step.times}});
    json document{{"function", call.function}, {"depth", call.depth}, {"stage", call.stage}, {"packets", call.packets}};
    if (call.packets == 0) document["packet"] = call.packet;
    document.update({{"instructions", call.instructions},
                     {"instructions_with_callees", call.with_callees},
                     {"cycles", call.cycles},
                     {"steps", steps},
                     {"reasons", call.reasons}});
    return document;
}

json to_json(const walk_part& part) {
    auto calls = json::array();
    for (const auto& call : part.calls) calls.push_back(to_json(call));
    return {{"calls", calls},
            {"cycles", part.cycles},
            {"left_out", {{"packets", part.others}, {"calls", part.others_calls}}}};
}

json or_null(const std::optional<double>& number) { return number ? json(*number) : json(nullptr); }
json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }
std::optional<double> number_of(const json& value) {
    return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}
std::string text_of(const json& value) { return value.is_null() ? "" : value.get<std::string>(); }

walk_call walk_call_of(const json& document) {
    walk_call call;
    call.function = document.at("function");
    call.stage = document.at("stage");
    call.depth = document.at("depth");
    call.packets = document.at("packets");
    call.packet = document.value("packet", std::uint64_t{0});
    call.instructions = document.at("instructions");
    call.with_callees = document.at("instructions_with_callees");
    call.cycles = document.at("cycles");
    for (const auto& step : document.at("steps")) call.steps.push_back({step.at("step"), step.at("times")});
    for (const auto& reason : document.at("reasons")) call.reasons.push_back(reason);
    return call;
}

walk_part walk_part_of(const json& document) {
    walk_part part;
    for (const auto& call : document.at("calls")) part.calls.push_back(walk_call_of(call));
    part.cycles = document.at("cycles");
    part.others = document.at("left_out").at("packets");
    part.others_calls = document.at("left_out").at("calls");
    return part;
}

}  // namespace

double walk_part::cycles_of_calls() const {
    return std::accumulate(calls.begin(), calls.end(), 0.0, [](double sum, auto& call) { return sum + call.cycles; });
}

packet_walk walk_of(const measurements& measured, const packet_record& record, const cpu_spec& cpu) {
    packet_walk walk;
    walk.packet = record.number;
    walk.outcome = to_string(record.outcome);
    if (record.outcome == packet_outcome::dropped) walk.drop_reason = to_string(record.reason);
    walk.early_demux = to_string(record.early_demux);
    walk.dst_from = to_string(record.routed_by);
    walk.arrived_on = device_name(measured, record.arrived_on);
    walk.left_by = device_name(measured, record.left_by);
    if (record.left_by != 0) walk.next_hop = record.next_hop.to_string();
    walk.arrival_ns = static_cast<double>(record.arrival.value) / 1000;
    walk.to_socket_ns = nanoseconds_since(record.arrival, record.at_socket);
    walk.to_application_ns = nanoseconds_since(record.arrival, record.at_application);
    const auto all = record.all();
    walk.instructions = all.instructions;
    walk.context_instructions = all.context_instructions;
    walk.cycles = all.core_cycles;
    walk.ns = static_cast<double>(all.core_cycles) / preset_of(cpu).frequency_ghz;
    for (const auto& work : measured.explained.work) walk.parts.push_back(part_of(work));
    for (const auto& each : measured.explained.fixed)
        walk.fixed.push_back({std::string(to_string(each.what)), each.cycles, each.packets, each.share});
    return walk;
}

json to_json(const packet_walk& walk) {
    auto parts = json::array(), fixed = json::array();
    for (const auto& part : walk.parts) parts.push_back(to_json(part));
    for (const auto& each : walk.fixed)
        fixed.push_back(
            {{"what", each.what}, {"cycles", each.share}, {"of_cycles", each.cycles}, {"packets", each.packets}});
    return {{"packet", walk.packet},
            {"outcome", walk.outcome},
            {"drop_reason", or_null(walk.drop_reason)},
            {"arrived_on", walk.arrived_on},
            {"arrival_ns", walk.arrival_ns},
            {"wire_to_socket_ns", or_null(walk.to_socket_ns)},
            {"wire_to_application_ns", or_null(walk.to_application_ns)},
            {"early_demux", walk.early_demux},
            {"dst_from", walk.dst_from},
            {"left_by", or_null(walk.left_by)},
            {"next_hop", or_null(walk.next_hop)},
            {"instructions", walk.instructions},
            {"context_instructions", walk.context_instructions},
            {"cycles", walk.cycles},
            {"ns", walk.ns},
            {"parts", parts},
            {"fixed", fixed}};
}

packet_walk packet_walk_of(const json& document) {
    packet_walk walk;
    walk.packet = document.at("packet");
    walk.outcome = document.at("outcome");
    walk.drop_reason = text_of(document.at("drop_reason"));
    walk.arrived_on = document.at("arrived_on");
    walk.arrival_ns = document.at("arrival_ns");
    walk.to_socket_ns = number_of(document.at("wire_to_socket_ns"));
    walk.to_application_ns = number_of(document.at("wire_to_application_ns"));
    walk.early_demux = document.at("early_demux");
    walk.dst_from = document.at("dst_from");
    walk.left_by = text_of(document.at("left_by"));
    walk.next_hop = text_of(document.at("next_hop"));
    walk.instructions = document.at("instructions");
    walk.context_instructions = document.at("context_instructions");
    walk.cycles = document.at("cycles");
    walk.ns = document.at("ns");
    for (const auto& part : document.at("parts")) walk.parts.push_back(walk_part_of(part));
    for (const auto& each : document.at("fixed"))
        walk.fixed.push_back({each.at("what"), each.at("of_cycles"), each.at("packets"), each.at("cycles")});
    return walk;
}

}  // namespace rxpath
