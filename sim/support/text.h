// Small helpers on text that several commands need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rxpath {

// The candidate that `word` most likely meant; empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// "; did you mean X?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

// The parts of `text` between separators: split("a,b", ',') is {"a", "b"}.
std::vector<std::string> split(std::string_view text, char separator);

// Lines of at most `width` characters, broken between words; all but the first begin with `hang` spaces. A word that is
// longer stands alone.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t hang = 0);

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t n);
// -1234567 as "-1,234,567".
std::string grouped_signed(std::int64_t n);

// FNV-1a, 64 bits, as 16 hexadecimal digits: names a text; the same on every machine.
std::string fingerprint(std::string_view text);

}  // namespace rxpath
