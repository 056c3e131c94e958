// The one table of parameters: name, kind, default, range, source, help, and where the value goes in a host_spec.
//
// Scenario checks, --set, sweeps, `rxpath params`, docs/parameters.md and the JSON Schema all read it. A source is a
// file of the kernel, "choice" for what a study chooses freely, "preset" for a number of a CPU that
// models/cpu/core_presets.csv has with its source, or "assumed" for a number without a source.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/base/host_spec.h"
#include "sim/parameter/value.h"

namespace rxpath {

// A sysctl is set by a command, as on a real host.
struct by_sysctl {};
// A number of the core's preset; it holds over that of cpu.model, whichever is said first.
struct by_core_preset {};
using parameter_setter = std::variant<void (*)(host_spec&, const value&), void (*)(nic_spec&, const value&),
                                      void (*)(flow_spec&, const value&), by_sysctl, by_core_preset>;

// Between which values a number without a source plausibly lies, in what its kind counts in, and why one thinks so.
// Sensitivity varies the number over it.
struct plausible_range {
    double low, high;
    std::string_view why;
};

struct parameter {
    std::string_view name;  // "nic.ring"; DEVICE in it stands for the name of a device
    value_kind kind;
    std::string_view fallback;  // the default, as written in a scenario; empty: none
    value_range range;
    std::string_view choices;  // texts only: "exact|fast"; empty: any
    std::string_view source;
    std::string_view help;
    parameter_setter set;
    // Of numbers that are assumed: in a preset's place, when some model has no source for it.
    std::optional<plausible_range> plausible = {};
    std::string_view not_modelled = {};  // why setting it would change nothing; it is refused
};

const std::vector<parameter>& parameters();
// Those whose numbers are assumed on a host of that CPU model; each has a plausible range.
std::vector<const parameter*> assumed_parameters(std::string_view cpu_model = "zen3");
std::vector<std::string_view> parameter_names();

// A parameter under the name that somebody wrote: nic.nic1.ring is nic.ring of nic1.
struct parameter_match {
    const parameter* entry;
    std::string device;  // empty: all of them
};
std::optional<parameter_match> find_parameter(std::string_view name);

// The entry for `key` in section `section` of a scenario file; nullptr when there is none.
const parameter* find_parameter(std::string_view section, std::string_view key);

// What a parameter's value may be, in words: "a size with a unit (B, kB), 0B to 1472B", and in short: "0B to 1472B".
std::string describe_allowed(const parameter& entry);
std::string describe_allowed_briefly(const parameter& entry);
// Parses a value by its parameter's kind, range and choices.
bool parse_value(const parameter& entry, std::string_view text, value& parsed);

// A value given from outside the scenario's sections: --set, [compare], --vary.
struct setting {
    std::string name;
    std::string text;
};
void set_core_number(host_spec& spec, const parameter& entry, const value& parsed);
// Applies it; answers what is wrong when it cannot be.
std::optional<std::string> apply(const setting& given, host_spec& spec);

}  // namespace rxpath
