#include "sim/output_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "sim/error.h"

namespace rxpath {

output_file::output_file(std::string path)
    : m_path(std::move(path)), m_temporary(fmt::format("{}.{}.part", m_path, getpid())) {
    if (std::filesystem::is_directory(m_path)) throw input_error(m_path + ": cannot write: it is a folder");
    m_stream.open(m_temporary, std::ios::binary | std::ios::trunc);
    if (!m_stream) throw input_error(fmt::format("{}: cannot write: {}", m_path, std::strerror(errno)));
}

output_file::~output_file() {
    std::error_code ignored;
    if (!m_committed) std::filesystem::remove(m_temporary, ignored);
}

void output_file::commit() {
    m_stream.close();
    if (!m_stream) throw std::runtime_error(m_path + ": could not be written completely");
    std::filesystem::rename(m_temporary, m_path);
    m_committed = true;
}

output_folder::output_folder(std::string path) : m_path(std::move(path)) {
    std::error_code error;
    m_made = std::filesystem::create_directory(m_path, error);
    if (!m_made && !std::filesystem::is_directory(m_path)) {
        const auto reason = error ? error.message() : std::string("it is a file");
        throw input_error(fmt::format("{}: cannot make the folder: {}", m_path, reason));
    }
}

output_folder::~output_folder() {
    std::error_code ignored;
    if (m_made) std::filesystem::remove(m_path, ignored);
}

std::string output_folder::file(std::string_view name) const { return (std::filesystem::path(m_path) / name).string(); }

}  // namespace rxpath
