// Files that appear whole or not at all: written under another name beside their place, then renamed.
//
// What is there is never replaced by something else: behind a symbolic link its target is written, a file keeps its
// mode and, as root, its owner. What cannot appear as a whole, a device or a pipe, is written straight.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/support/part.h"

namespace rxpath {

// Throws input_error when writing `path` would replace one of these files, which the same command reads.
void refuse_if_read(const std::string& path, const std::vector<std::filesystem::path>& read);

class output_file {
public:
    // "-" is standard output, and so is a path that leads there. Opens it for writing, at once, so that an unwritable
    // place is known before anything is simulated. Throws input_error.
    explicit output_file(std::string path);
    // Without commit() nothing is left behind.
    ~output_file();
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    // These throw std::runtime_error when not all could be written. Of standard output main() says so.
    void write(std::string_view text);
    void commit();
    // The two halves of commit(), for several files that belong together: all is on the disk; it is in its place.
    void finish();
    void publish();

private:
    void open_part();
    void open_straight();
    void flush();
    bool is_standard_output() const { return m_descriptor < 0; }

    std::string m_path;
    std::filesystem::path m_target;  // behind symbolic links
    std::optional<part> m_part;      // of a regular file
    int m_descriptor = -1;
    std::string m_buffer;
};

// Behind symbolic links, also when nothing is there yet. Throws input_error when they lead nowhere.
std::filesystem::path target_of(const std::filesystem::path& path);

}  // namespace rxpath
