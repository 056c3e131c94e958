#include "sim/support/output_folder.h"

#include <fmt/format.h>

#include <system_error>

#include "sim/support/error.h"

namespace rxpath {

namespace fs = std::filesystem;

output_folder::output_folder(std::string path) {
    const auto refuse = [&](const std::string& why) {
        throw input_error(fmt::format("{}: cannot make the folder: {}", path, why));
    };
    if (path.empty() || path == "-") refuse("allowed: a folder's name; several files are written");
    m_target = target_of(path);
    if (!m_target.has_filename()) m_target = m_target.parent_path();  // "out/"
    std::error_code error;
    const auto found = fs::status(m_target, error);
    if (fs::is_directory(found)) return;
    if (fs::exists(found)) refuse("it is a file");
    if (!fs::status_known(found)) refuse(error.message());
    try {
        m_part.emplace(m_target.has_parent_path() ? m_target.parent_path() : fs::path("."), part::kind::folder);
    } catch (const std::system_error& failed) {
        refuse(failed.code().message());
    }
}

output_file& output_folder::add(std::string_view name) {
    const auto& folder = m_part ? m_part->path() : m_target;
    return *m_files.emplace_back(std::make_unique<output_file>((folder / name).string()));
}

void output_folder::commit() {
    for (auto& file : m_files) file->finish();
    const signals_held whole;
    for (auto& file : m_files) file->publish();
    if (m_part) m_part->move_to(m_target);
}

}  // namespace rxpath
