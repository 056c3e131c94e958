// A scenario while it is read: what is known so far, what is wrong, and which line said what.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/toml_reader.h"

namespace rxpath {

// Lines of the entries of host_spec's vectors, in their order.
struct source_lines {
    std::vector<std::uint32_t> setup, listeners, flows, replays, at;
    std::uint32_t run = 0, compare = 0;
};

struct scenario_draft {
    explicit scenario_draft(const std::string& file) : errors(file) { result.file = file; }

    scenario result;
    error_list errors;
    source_lines lines;
    std::vector<bool> expect_closed;  // of each flow: nobody listens, on purpose
    // Something here could not be read: what is missing because of that is no further error.
    struct {
        bool run = false, setup = false, listeners = false, traffic = false;
    } broken;
};

// [run], [host], [cpu], [nic.NAME], [wire], [napi], [routing], [application]
void read_machine(toml_section& file, scenario_draft& draft);
// [[listen]], [[flow]], [[replay]], [[at]]
void read_traffic(toml_section& file, scenario_draft& draft);
// [compare], [expect]
void read_study(toml_section& file, scenario_draft& draft);
// What several sections must agree on: devices, addresses, listeners, commands, an end.
void check_scenario(scenario_draft& draft);

// Calls read(section) for each table of [[key]]; `broken` becomes true when there is anything wrong with one.
template <class Read>
void for_each_table(toml_section& file, std::string_view key, scenario_draft& draft, bool& broken, Read read) {
    const auto* node = file.take(key);
    if (!node) return;
    if (const auto* tables = node->as_array(); tables && tables->is_homogeneous(toml::node_type::table)) {
        for (const auto& table : *tables) {
            const auto errors_before = draft.errors.count();
            toml_section section(*table.as_table(), std::string(key), draft.errors);
            read(section);
            if (draft.errors.count() != errors_before) broken = true;
        }
        return;
    }
    broken = true;
    draft.errors.wrong_value(*node, key, "tables that begin with [[" + std::string(key) + "]]");
}

}  // namespace rxpath
