#include <fmt/format.h>

#include "sim/command/command_line.h"
#include "sim/replay/case_player.h"
#include "sim/support/error.h"
#include "sim/support/output_file.h"

namespace rxpath {

namespace options = boost::program_options;

namespace {

std::string predict(const recorded_case& recorded, const std::string& profile, bool with_steps) {
    try {
        return case_player(recorded, profile).play(with_steps).dump();
    } catch (const std::invalid_argument& error) {
        throw input_error(error.what());
    }
}

}  // namespace

int command_replay(const arguments& given) {
    command_options parsed("replay", "case");
    parsed.add()("json", options::value<std::string>(), "file for the prediction; - for standard output")(
        "profile", options::value<std::string>(), "cost profile, as the parameter cpu.profile")(
        "steps", "also the steps that each call took: [step, times]");
    if (!parsed.parse(given)) return exit_status::done;
    if (!parsed.has("json")) throw input_error(fmt::format("--json is missing; {}", usage_of("replay")));
    const auto place = parsed.text("json");
    const auto recorded = read_case(parsed.text("case"));
    refuse_if_read(place, {parsed.text("case")});
    std::optional<output_file> out;
    if (place != "-") out.emplace(place);
    const auto text = predict(recorded, parsed.text("profile"), parsed.has("steps")) + '\n';
    if (!out) {
        fmt::print("{}", text);
        return exit_status::done;
    }
    out->write(text);
    out->commit();
    return exit_status::done;
}

}  // namespace rxpath
