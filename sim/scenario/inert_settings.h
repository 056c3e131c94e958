// The sysctls of a scenario that change nothing in the model, to be told to its user.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/base/host_spec.h"

namespace rxpath {

struct inert_setting {
    std::string setting;  // "KEY=VALUE"
    std::string reason;   // why it changes nothing
};

// Those of the set-up and of later commands, in that order.
std::vector<inert_setting> inert_settings(const host_spec& host);
// One line for a report; empty when there are none.
std::string inert_settings_line(const host_spec& host);
// [{"sysctl": "KEY=VALUE", "reason": ...}, ...]
nlohmann::ordered_json inert_settings_json(const host_spec& host);

}  // namespace rxpath
