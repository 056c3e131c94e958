// Rows of a CSV text (RFC 4180): fields in quotes may hold commas and doubled quotes. Left out: line ends in fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rxpath {

// One for each line that is not empty; the first is the header.
std::vector<std::vector<std::string>> csv_rows(std::string_view text);

}  // namespace rxpath
