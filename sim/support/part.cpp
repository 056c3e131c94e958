#include "sim/support/part.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace rxpath {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = ".rxpath-", suffix = ".part";
constexpr int most_attempts = 1000;  // at a name that nobody else has

bool is_part(const std::string& name) {
    return name.size() > prefix.size() + suffix.size() && name.compare(0, prefix.size(), prefix) == 0 &&
           name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

void remove_abandoned(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (!is_part(entry.path().filename().string())) continue;
        const int descriptor = open(entry.path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0) continue;
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
        close(descriptor);
    }
}

int open_new(const fs::path& path, part::kind of) {
    if (of == part::kind::file) return open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (mkdir(path.c_str(), 0777) != 0) return -1;
    return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

// Locked, and not removed by somebody who had the lock before.
bool hold(int descriptor) {
    struct stat found = {};
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && fstat(descriptor, &found) == 0 && found.st_nlink != 0;
}

}  // namespace

part::part(const fs::path& folder, kind of) {
    remove_abandoned(folder);
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        m_path = folder / fmt::format("{}{}-{}{}", prefix, getpid(), attempt, suffix);
        if (make(of)) return;
    }
    throw std::system_error(EEXIST, std::generic_category());
}

bool part::make(kind of) {
    const signals_held whole;
    m_descriptor = open_new(m_path, of);
    if (m_descriptor < 0) {
        if (errno == EEXIST || (errno == ENOENT && of == kind::folder && fs::exists(m_path.parent_path())))
            return false;
        throw std::system_error(errno, std::generic_category());
    }
    if (!hold(m_descriptor)) {
        close(m_descriptor);
        m_descriptor = -1;
        return false;
    }
    m_guard = std::make_unique<removed_on_signal>(m_path.string());
    return true;
}

part::~part() {
    std::error_code ignored;
    if (m_guard) fs::remove_all(m_path, ignored);
    if (m_descriptor >= 0) close(m_descriptor);
}

void part::move_to(const fs::path& place) {
    const signals_held whole;
    fs::rename(m_path, place);
    m_guard.reset();
}

}  // namespace rxpath
