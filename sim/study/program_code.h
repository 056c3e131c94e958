// Which code this program is made of.
#pragma once

#include <string_view>

namespace rxpath {

// A fingerprint of all sources in models/ and sim/, 16 hexadecimal digits; the build makes it
// (cmake/fingerprint_sources.cmake). The same sources have the same on every machine and in every kind of build.
extern const std::string_view program_code;

}  // namespace rxpath
