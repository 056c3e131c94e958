// Reads what users name. Only regular files end for certain: a device, a pipe or a socket may give bytes for ever, or
// none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace rxpath {

constexpr std::uint64_t mebibyte = 1 << 20;

// Throws std::invalid_argument naming the file, what was found and what is allowed, unless it is a regular file of at
// most so many bytes.
void check_regular_file(const std::filesystem::path& file, std::uint64_t most_bytes);
// The same, and answers the text. Of a file whose size is not known before (/proc), no more is read than is allowed.
std::string read_regular_file(const std::filesystem::path& file, std::uint64_t most_bytes);

}  // namespace rxpath
