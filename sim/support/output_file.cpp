#include "sim/support/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "sim/support/error.h"

namespace rxpath {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffer_size = 1 << 16;
constexpr int most_links = 40;  // as Linux follows

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
    throw input_error(fmt::format("{}: cannot write: {}", path, why));
}

bool is_standard_output(const struct stat& found) {
    struct stat out = {};
    return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == found.st_dev && out.st_ino == found.st_ino;
}

// Mode and owner of the file whose place is taken.
void take_over(int descriptor, const struct stat& from, const std::string& path) {
    struct stat made = {};
    fstat(descriptor, &made);
    const bool same_owner = from.st_uid == made.st_uid && from.st_gid == made.st_gid;
    if (!same_owner && fchown(descriptor, from.st_uid, from.st_gid) != 0)
        refuse(path, "it belongs to somebody else; allowed: a file of one's own");
    if (fchmod(descriptor, from.st_mode & 07777) != 0) refuse(path, std::strerror(errno));
}

}  // namespace

fs::path target_of(const fs::path& path) {
    auto target = path;
    for (int links = 0; links < most_links; ++links) {
        std::error_code error;
        if (!fs::is_symlink(fs::symlink_status(target, error))) return target;
        target = target.parent_path() / fs::read_symlink(target, error);
    }
    refuse(path.string(), std::strerror(ELOOP));
}

void refuse_if_read(const std::string& path, const std::vector<fs::path>& read) {
    for (const auto& each : read) {
        std::error_code error;
        const bool same_place = fs::weakly_canonical(path, error) == fs::weakly_canonical(each, error);
        if (path != "-" && (same_place || fs::equivalent(path, each, error)))
            throw input_error(
                fmt::format("{}: found a file that is read, allowed: another place for the output", path));
    }
}

output_file::output_file(std::string path) : m_path(std::move(path)) {
    if (m_path == "-") return;
    struct stat found = {};
    const bool exists = stat(m_path.c_str(), &found) == 0;
    if (!exists && errno != ENOENT) refuse(m_path, std::strerror(errno));
    if (exists && S_ISDIR(found.st_mode)) refuse(m_path, "it is a folder");
    if (exists && S_ISBLK(found.st_mode)) refuse(m_path, "it is a disk");
    if (exists && rxpath::is_standard_output(found)) return;
    if (exists && access(m_path.c_str(), W_OK) != 0) refuse(m_path, std::strerror(errno));
    if (exists && !S_ISREG(found.st_mode)) {
        open_straight();
        return;
    }
    open_part();
    if (exists) take_over(m_descriptor, found, m_path);
}

output_file::~output_file() {
    if (!m_part && !is_standard_output()) close(m_descriptor);
}

void output_file::open_part() {
    m_target = target_of(m_path);
    if (!m_target.has_filename()) refuse(m_path, "it names no file");
    const auto folder = m_target.has_parent_path() ? m_target.parent_path() : fs::path(".");
    try {
        m_part.emplace(folder, part::kind::file);
    } catch (const std::system_error& error) {
        refuse(m_path, error.code().message());
    }
    m_descriptor = m_part->descriptor();
}

void output_file::open_straight() {
    m_descriptor = open(m_path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (m_descriptor < 0) refuse(m_path, std::strerror(errno));
}

void output_file::write(std::string_view text) {
    m_buffer += text;
    if (m_buffer.size() >= buffer_size) flush();
}

void output_file::flush() {
    std::string_view left = m_buffer;
    if (is_standard_output()) {
        std::fwrite(left.data(), 1, left.size(), stdout);
        left = {};
    }
    while (!left.empty()) {
        const auto written = ::write(m_descriptor, left.data(), left.size());
        if (written >= 0) {
            left.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw std::runtime_error(fmt::format("{}: not completely written: {}", m_path, std::strerror(errno)));
        }
    }
    m_buffer.clear();
}

void output_file::finish() {
    flush();
    if (m_part && fsync(m_descriptor) != 0)
        throw std::runtime_error(fmt::format("{}: not completely written: {}", m_path, std::strerror(errno)));
}

void output_file::publish() {
    if (m_part) m_part->move_to(m_target);
}

void output_file::commit() {
    finish();
    publish();
}

}  // namespace rxpath
