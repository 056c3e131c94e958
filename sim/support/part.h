// A file or folder in the making: under a temporary name beside the place where it will appear.
//
// Its process holds a lock on it. What has lost its process (SIGKILL, a power failure) has lost the lock, and is
// removed by the next program that makes a part in the same folder.
#pragma once

#include <filesystem>
#include <memory>

#include "sim/support/interruption.h"

namespace rxpath {

class part {
public:
    enum class kind { file, folder };

    // Makes it in `folder`. Throws std::system_error.
    part(const std::filesystem::path& folder, kind of);
    // Removes it, with what is in it, unless it was moved.
    ~part();
    part(const part&) = delete;
    part& operator=(const part&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    int descriptor() const { return m_descriptor; }
    // To its place, over a file that is there. Throws std::filesystem::filesystem_error.
    void move_to(const std::filesystem::path& place);

private:
    bool make(kind of);

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::unique_ptr<removed_on_signal> m_guard;
};

}  // namespace rxpath
