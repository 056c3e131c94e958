#include "models/cpu/kernel_profile.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "models/cpu/built_in_profile.h"
#include "models/cpu/csv_fields.h"

namespace rxpath {

namespace {

namespace fs = std::filesystem;

constexpr auto code_file = "memory/code.csv";  // of a profile's folder

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    if (!in) refuse_profile(file.string(), "cannot be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

// A folder's CSV files, in the order of their names.
std::string costs_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(folder, unreadable))
        if (entry.path().extension() == ".csv") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::string text;
    for (const auto& file : files) text += text_of(file);
    return text;
}

// `name`: of the folder. Without code: the built-in one's.
kernel_profile parse(const fs::path& name, std::string_view costs, std::optional<std::string_view> code) {
    return {cost_profile::parse(costs, name.string()),
            code ? code_profile::parse(*code, (name / code_file).string()) : code_profile::built_in()};
}

kernel_profile load_folder(const fs::path& folder) {
    const auto code = folder / code_file;
    std::error_code unreadable;
    const auto text = fs::exists(code, unreadable) ? std::optional(text_of(code)) : std::nullopt;
    return parse(folder, costs_in(folder), text);
}

}  // namespace

kernel_profile kernel_profile::load(const std::string& place) {
    if (const auto* shipped = find_shipped_profile(place)) {
        const auto code = shipped->code != nullptr ? std::optional<std::string_view>(shipped->code) : std::nullopt;
        return parse(place, shipped->costs, code);
    }
    std::error_code unreadable;
    return fs::is_directory(place, unreadable) ? load_folder(place) : parse(place, text_of(place), {});
}

kernel_profile kernel_profile::of(const cpu_spec& cpu) {
    auto profile = cpu.profile.empty() ? kernel_profile{} : load(cpu.profile);
    if (cpu.assumed_cost != 1) profile.costs = profile.costs.with_assumed_times(cpu.assumed_cost);
    return profile;
}

}  // namespace rxpath
