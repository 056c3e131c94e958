// rxpath explain: one packet's way; with --against, beside its way in another variant.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/command/command_line.h"
#include "sim/report/explanation.h"
#include "sim/report/packet_walk.h"
#include "sim/report/walk_difference.h"
#include "sim/result/simulation.h"
#include "sim/scenario/scenario.h"
#include "sim/support/child_process.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

constexpr std::uint64_t most_packets = 1'000'000'000'000;  // more than any run has

const packet_record& find_packet(const measurements& measured, std::uint64_t number, const std::string& file) {
    const auto& packets = measured.packets;
    const auto found = std::find_if(packets.begin(), packets.end(), [&](auto& each) { return each.number == number; });
    if (found != packets.end()) return *found;
    throw input_error(fmt::format("{}: --packet: found {}, allowed: {} to {}, the packets that this run counts", file,
                                  number, packets.empty() ? 0 : packets.front().number,
                                  packets.empty() ? 0 : packets.back().number));
}

packet_walk walk_in(host_spec spec, std::uint64_t number, const std::string& file) {
    spec.keep_packet_records = true;
    spec.explain_packet = number;
    const simulation done(spec);
    return walk_of(done.measured(), find_packet(done.measured(), number, file), spec.cpu);
}

// What --against names: a variant of [compare] by its place or its name, or KEY=VALUE.
variant other_variant(const scenario& from, const std::string& given) {
    for (std::size_t i = 0; i < from.variants.size(); ++i)
        if (given == from.variants[i].name() || given == std::to_string(i + 1)) return from.variants[i];
    const auto equals = given.find('=');
    if (equals != std::string::npos && equals != 0) return {{{given.substr(0, equals), given.substr(equals + 1)}}};
    std::string names = "KEY=VALUE";
    for (std::size_t i = 0; i < from.variants.size(); ++i)
        names += fmt::format(", {} ({})", i + 1, from.variants[i].name());
    throw input_error(fmt::format("{}: --against: found {}, allowed: {}", from.file, given, names));
}

// Both walks, each in a process of its own: SystemC allows one simulation in one.
walk_difference compare_walks(const scenario& from, const variant& other, std::uint64_t number) {
    const host_spec specs[] = {from.host, from.with(other)};
    std::vector<child_task> tasks;
    for (const auto& spec : specs)
        tasks.emplace_back([&spec, &from, number] { return to_json(walk_in(spec, number, from.file)).dump(); });
    packet_walk walks[2];
    run_children(tasks, 1, [&](std::size_t index, const child_result& result) {
        if (!result.finished) throw input_error(result.text);
        walks[index] = packet_walk_of(json::parse(result.text));
    });
    return {std::move(walks[0]), std::move(walks[1]), from.file, other.name()};
}

command_options explain_options() {
    command_options known("explain", "FILE");
    known.add()("packet", options::value<std::string>()->value_name("N")->required(),
                "number of the packet, from 1 on")("set",
                                                   options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                                                   "override a parameter; may be repeated")(
        "against", options::value<std::string>()->value_name("VARIANT"),
        "beside the same packet in a variant of [compare], by number or name, or with KEY=VALUE")(
        "json", "print the walk as JSON");
    return known;
}

}  // namespace

int command_explain(const arguments& given) {
    auto known = explain_options();
    if (!known.parse(given)) return exit_status::done;
    const auto number = known.count("packet", 1, most_packets);
    const auto from = load_scenario(known.text("FILE"), known.settings());
    const text_layout layout{style_for(stdout), line_width(stdout)};
    if (known.has("against")) {
        const auto other = other_variant(from, known.text("against"));
        const auto checked = load_scenario(from.file, known.settings(), {other});
        const auto compared = compare_walks(checked, other, number);
        fmt::print("{}", known.has("json") ? to_json(compared).dump(2) + '\n' : difference_text(compared, layout));
        return exit_status::done;
    }
    const auto walk = walk_in(from.host, number, from.file);
    fmt::print("{}", known.has("json") ? to_json(walk).dump(2) + '\n' : explanation_text(walk, layout));
    return exit_status::done;
}

}  // namespace rxpath
