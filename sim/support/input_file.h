// The text of a file that the user brings, and how large each kind may be: far more than any that makes sense, far less
// than the machine's memory.
#pragma once

#include <cstdint>
#include <string>

namespace rxpath {

namespace most_bytes_of {
constexpr std::uint64_t scenario = std::uint64_t{16} << 20;
constexpr std::uint64_t recorded_case = std::uint64_t{64} << 20;
constexpr std::uint64_t measurement = std::uint64_t{16} << 20;
constexpr std::uint64_t capture = std::uint64_t{1} << 30;
}  // namespace most_bytes_of

// Throw input_error naming the file: it is not there, not readable, no regular file (a folder, a device, a pipe), or
// larger than `most_bytes`.
void check_input_file(const std::string& file, std::uint64_t most_bytes);
std::string read_input_file(const std::string& file, std::uint64_t most_bytes);

}  // namespace rxpath
