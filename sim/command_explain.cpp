// rxpath explain: one packet's way.
#include <fmt/format.h>

#include <algorithm>

#include "models/cpu/kernel_profile.h"
#include "sim/command_line.h"
#include "sim/error.h"
#include "sim/explanation.h"
#include "sim/scenario.h"
#include "sim/simulation.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

const packet_record& find_packet(const measurements& measured, std::uint64_t number, const std::string& file) {
    const auto& packets = measured.packets;
    const auto found = std::find_if(packets.begin(), packets.end(), [&](auto& each) { return each.number == number; });
    if (found != packets.end()) return *found;
    throw input_error(fmt::format("{}: --packet: found {}, allowed: {} to {}, the packets that this run counts", file,
                                  number, packets.empty() ? 0 : packets.front().number,
                                  packets.empty() ? 0 : packets.back().number));
}

}  // namespace

int command_explain(const arguments& given) {
    command_options known("explain", "FILE");
    known.add()("packet", options::value<std::uint64_t>()->value_name("N")->required(),
                "number of the packet, from 1 on")("set",
                                                   options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                                                   "override a parameter; may be repeated");
    if (!known.parse(given)) return exit_status::done;
    auto from = load_scenario(known.text("FILE"), known.settings());
    const auto number = known.get<std::uint64_t>("packet");
    if (number == 0) throw input_error("--packet: found 0, allowed: 1 or more");
    from.host.keep_packet_records = true;
    from.host.explain_packet = number;

    const simulation done(from.host);
    const auto& packet = find_packet(done.measured(), number, from.file);
    const auto style = style_for(stdout);
    fmt::print("{}\n{}", explanation_header(packet, from.host.cpu, style),
               explanation_tree(done.measured(), kernel_profile::of(from.host.cpu).costs, style));
    return exit_status::done;
}

}  // namespace rxpath
