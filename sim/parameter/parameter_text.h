// The table of parameters in the forms it is read in.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/support/table.h"

namespace rxpath {

std::string parameters_text(const text_style& style);
// Only the numbers without a source, with the range over which each is plausible, and why.
std::string assumed_parameters_text(const text_style& style);
std::string parameters_markdown();
// Of scenario files. Parameters, and the sections and keys that are not in the table.
nlohmann::ordered_json parameters_json_schema();

}  // namespace rxpath
