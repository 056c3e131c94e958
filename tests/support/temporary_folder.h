// A folder of a test's own, under the system's folder for temporary files. The test removes it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace rxpath {

inline std::filesystem::path make_temporary_folder() {
    auto name = (std::filesystem::temp_directory_path() / "rxpath-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return name;
}

}  // namespace rxpath
