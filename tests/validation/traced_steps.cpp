// traced_steps CASE.json: prints, packet by packet and call by call, the steps that the model takes in a recorded
// case, for tools/calibration/accesses.py: "P case packet", then "function step step ...".
#include <fmt/format.h>

#include <string>
#include <systemc>
#include <vector>

#include "sim/case_player.h"

namespace {

using namespace rxpath;

void print(const call_trace& trace) {
    std::vector<std::string> lines;
    for (const auto& call : trace.calls()) lines.emplace_back(describe(call.function).name);
    for (const auto& step : trace.steps()) {
        const auto& function = describe(trace.calls()[step.call].function);
        lines[step.call] += fmt::format(" {}", function.step_name(step.step));
    }
    for (const auto& line : lines) fmt::print("{}\n", line);
}

}  // namespace

int sc_main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: traced_steps CASE.json\n");
        return 2;
    }
    const auto recorded = read_case(arguments[1]);
    case_player player(recorded);
    player.observe([&](std::uint64_t number, const call_trace& trace) {
        fmt::print("P {} {}\n", recorded.name, number);
        print(trace);
    });
    player.play();
    return 0;
}
