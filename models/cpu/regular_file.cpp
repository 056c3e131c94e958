#include "models/cpu/regular_file.h"

#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace rxpath {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, std::string_view why) {
    throw std::invalid_argument(fmt::format("{}: {}", file.string(), why));
}

[[noreturn]] void refuse_size(const fs::path& file, std::uint64_t most_bytes) {
    refuse(file, fmt::format("found a file of more than {} MiB, allowed: at most that", most_bytes / mebibyte));
}

std::string_view name_of(fs::file_type type) {
    switch (type) {
        case fs::file_type::directory:
            return "a folder";
        case fs::file_type::fifo:
            return "a pipe";
        case fs::file_type::socket:
            return "a socket";
        default:
            return "a device";
    }
}

}  // namespace

void check_regular_file(const fs::path& file, std::uint64_t most_bytes) {
    std::error_code unreadable;
    const auto type = fs::status(file, unreadable).type();
    if (type == fs::file_type::not_found) refuse(file, "no such file");
    if (type == fs::file_type::none) refuse(file, "cannot be read");
    if (type != fs::file_type::regular) refuse(file, fmt::format("found {}, allowed: a regular file", name_of(type)));
    if (fs::file_size(file, unreadable) > most_bytes) refuse_size(file, most_bytes);
}

std::string read_regular_file(const fs::path& file, std::uint64_t most_bytes) {
    check_regular_file(file, most_bytes);
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(file, "cannot be read");
    std::string text;
    char block[1 << 16];
    while (in.read(block, sizeof block) || in.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(in.gcount()));
        if (text.size() > most_bytes) refuse_size(file, most_bytes);
    }
    return text;
}

}  // namespace rxpath
