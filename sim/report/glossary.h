// The words of the receive path that need explaining, for who reads a walk for the first time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rxpath {

// A line, or several of at most `width` characters, for each of the words that stand in `text`, in the order in which
// they first do; empty when there are none.
std::string glossary_of(std::string_view text, std::size_t width);

}  // namespace rxpath
