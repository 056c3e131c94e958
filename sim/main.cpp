// rxpath: dispatches to the commands and turns their failures into exit statuses.
#include <fmt/format.h>

#include <exception>

#include "sim/command_line.h"
#include "sim/error.h"
#include "sim/table.h"
#include "sim/text.h"

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
        fmt::print("rxpath {}\n", RXPATH_VERSION);
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
        for (const auto& message : error.messages()) fmt::print(stderr, "rxpath: {}\n", message);
        return exit_status::bad_input;
    } catch (const std::exception& error) {
        fmt::print(stderr, "rxpath: could not complete: {}\n", error.what());
        return exit_status::incomplete;
    }
}

}  // namespace

}  // namespace rxpath

int main(int count, char** values) { return rxpath::guarded({values + 1, values + count}); }
