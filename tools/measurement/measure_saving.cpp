// Measures on this machine what a cached dst saves, and writes a file that `rxpath validate` compares with predictions.
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <iostream>

#include "sim/support/error.h"
#include "sim/support/interruption.h"
#include "sim/support/output_file.h"
#include "sim/support/standard_streams.h"
#include "tools/measurement/saving_measurement.h"

extern "C" int sc_main(int, char**) { return 0; }  // the SystemC library wants one

namespace rxpath {

namespace {

namespace options = boost::program_options;

// The configurations of the measurement that rxpath ships (see docs/measuring.md), in its order.
const std::vector<std::string> default_configurations{"flows=1",      "ack_only=1", "rp_filter=1", "rules=8",
                                                      "payload=1448", "flows=16",   "flows=256",   "flows=16384"};

struct request {
    std::vector<measured_configuration> configurations;
    std::uint32_t runs = 0;
    measurement_plan plan;
    std::string file;
};

std::uint32_t at_least_one(const options::variables_map& values, const std::string& name) {
    constexpr std::int64_t most = 100'000;
    const auto number = values[name].as<std::int64_t>();
    if (number >= 1 && number <= most) return static_cast<std::uint32_t>(number);
    throw input_error(fmt::format("--{}: found {}, allowed: 1 to {}", name, number, most));
}

options::options_description known_options() {
    options::options_description known("options");
    known.add_options()("help,h", "show this text")("output,o", options::value<std::string>()->value_name("FILE"),
                                                    "CSV file for rxpath validate")(
        "runs", options::value<std::int64_t>()->value_name("N")->default_value(6), "times that all is measured")(
        "config",
        options::value<std::vector<std::string>>()->value_name("NAME=N,...")->default_value(default_configurations, ""),
        "a configuration: any of routes, rules, rp_filter, flows, payload, ack_only; may be repeated, the first is the "
        "base; without it the eight that rxpath ships a measurement of")(
        "pairs", options::value<std::int64_t>()->value_name("N")->default_value(measurement_plan{}.pairs),
        "pairs of blocks, without early demux and with it, a configuration and run");
    return known;
}

// Nothing when --help was asked for.
std::optional<request> parse(int count, char** values) {
    const auto known = known_options();
    options::variables_map given;
    try {
        options::store(options::command_line_parser(count, values).options(known).positional({}).run(), given);
    } catch (const options::error& error) {
        throw input_error(error.what());
    }
    if (given.count("help") != 0) {
        std::cout << "usage: tools/measure -o FILE.csv [options]        (root)\n\n" << known;
        return std::nullopt;
    }
    if (given.count("output") == 0) throw input_error("-o FILE is missing: where the measurements go");
    request parsed;
    parsed.file = given["output"].as<std::string>();
    parsed.runs = at_least_one(given, "runs");
    parsed.plan.pairs = at_least_one(given, "pairs");
    for (const auto& text : given["config"].as<std::vector<std::string>>()) {
        parsed.configurations.push_back(parse_configuration(text));
    }
    return parsed;
}

// The process stays on the processor that it is on: its clock is read, its caches are measured.
void stay_on_this_processor() {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &mine);
    sched_setaffinity(0, sizeof mine, &mine);
}

void measure_all(const request& wanted, std::vector<saving_row>& rows) {
    for (std::uint32_t run = 1; run <= wanted.runs; ++run) {
        for (const auto& configuration : wanted.configurations) {
            rows.push_back(measure_saving(configuration, run, wanted.plan));
            const auto& row = rows.back();
            fmt::print(stderr, "run {} of {}: {}: off {:.0f}, on {:.0f}, saved {:.0f} ticks of {:.3f} cycles\n", run,
                       wanted.runs, to_string(configuration), row.off_tsc, row.on_tsc, row.saved_p50,
                       1 / row.tsc_per_core_cycle);
        }
    }
}

int measure(int count, char** values) {
    const auto wanted = parse(count, values);
    if (!wanted) return exit_status::done;
    output_file out(wanted->file);
    stay_on_this_processor();
    std::vector<saving_row> rows;
    measure_all(*wanted, rows);
    out.write(to_csv(rows));
    out.commit();
    return exit_status::done;
}

}  // namespace

}  // namespace rxpath

int main(int count, char** values) {
    rxpath::heed_signals();
    try {
        return rxpath::status_once_written(rxpath::measure(count, values));
    } catch (const rxpath::input_error& error) {
        for (const auto& message : error.messages()) fmt::print(stderr, "tools/measure: {}\n", message);
        return rxpath::exit_status::bad_input;
    } catch (const std::exception& error) {
        fmt::print(stderr, "tools/measure: could not complete: {}\n", error.what());
        return rxpath::exit_status::incomplete;
    }
}
