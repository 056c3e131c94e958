// rxpath: dispatches to the commands and turns their failures into exit statuses.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "models/machine/machine_report.h"
#include "sim/command/command_line.h"
#include "sim/study/program_code.h"
#include "sim/support/error.h"
#include "sim/support/interruption.h"
#include "sim/support/standard_streams.h"
#include "sim/support/table.h"
#include "sim/support/text.h"

// The SystemC library wants one; nobody calls it, because main() is here.
extern "C" int sc_main(int, char**) { return 0; }

namespace rxpath {

namespace {

void print_help() {
    table out({{"command", table::side::left}, {"does", table::side::left}});
    for (const auto& each : commands()) out.row({std::string(each.name), std::string(each.summary)});
    fmt::print("rxpath {}: how Linux 6.12 receives an IPv4 packet, and what it costs\n\n", RXPATH_VERSION);
    fmt::print("usage: rxpath COMMAND [options]\n\n{}\n", out.text(style_for(stdout)));
    fmt::print("rxpath COMMAND --help tells more about one.\n");
    fmt::print("exit status: 0 done; 1 an expectation failed; 2 bad usage or input; 3 could not complete\n");
}

int dispatch(const arguments& given) {
    if (given.empty()) throw input_error("a command is missing; rxpath --help lists them");
    const auto& name = given.front();
    if (name == "--help" || name == "-h" || name == "help") {
        print_help();
        return exit_status::done;
    }
    if (name == "--version") {
        fmt::print("rxpath {} (code {})\n", RXPATH_VERSION, program_code);
        return exit_status::done;
    }
    std::vector<std::string_view> names;
    for (const auto& each : commands()) {
        if (each.name == name) return each.run(arguments(given.begin() + 1, given.end()));
        names.push_back(each.name);
    }
    throw input_error(fmt::format("{}: no such command{}; rxpath --help lists them", name, did_you_mean(name, names)));
}

int guarded(const arguments& given) {
    try {
        return dispatch(given);
    } catch (const input_error& error) {
        for (const auto& message : error.messages()) complain(message);
        return exit_status::bad_input;
    } catch (const std::exception& error) {
        if (std::ferror(stdout) == 0) complain(fmt::format("could not complete: {}", error.what()));
        return exit_status::incomplete;
    }
}

}  // namespace

}  // namespace rxpath

int main(int count, char** values) {
    if (!rxpath::standard_streams_are_open()) return rxpath::exit_status::incomplete;
    rxpath::heed_signals();
    rxpath::send_machine_reports_to_standard_error();
    const rxpath::arguments given(values + std::min(count, 1), values + count);
    return rxpath::status_once_written(rxpath::guarded(given));
}
