// How deep a TOML text nests, found before it is parsed: the parser makes a table for each part of a key and each
// bracket, and visits them recursively.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rxpath {

constexpr std::uint32_t most_toml_nesting = 16;  // parts of one key; brackets within each other

// The line of the first key or value that nests deeper; nothing when none does.
std::optional<std::uint32_t> line_nested_too_deeply(std::string_view toml);

}  // namespace rxpath
