// Files that belong together, in one folder: all of them appear, or none.
//
// A folder that is not there yet appears with all its files at once. In one that is there, the files take their places
// when all are complete; others in it stay.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/support/output_file.h"

namespace rxpath {

class output_folder {
public:
    // Throws input_error when it cannot be made.
    explicit output_folder(std::string path);
    output_folder(const output_folder&) = delete;
    output_folder& operator=(const output_folder&) = delete;

    // A file in it. Throws input_error.
    output_file& add(std::string_view name);
    // Throws std::runtime_error when not all could be written; then nothing of it has changed.
    void commit();

private:
    std::filesystem::path m_target;
    std::optional<part> m_part;  // of a folder that is not there yet
    std::vector<std::unique_ptr<output_file>> m_files;
};

}  // namespace rxpath
