#include "models/cpu/kernel_profile.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "models/cpu/built_in_profile.h"
#include "models/cpu/regular_file.h"

namespace rxpath {

namespace {

namespace fs = std::filesystem;

constexpr auto code_file = "memory/code.csv";  // of a profile's folder

constexpr std::uint64_t most_bytes = 16 * mebibyte;  // of each of its files

named_text read(const fs::path& file) { return {file.string(), read_regular_file(file, most_bytes)}; }

// A folder's CSV files, in the order of their names.
std::vector<named_text> costs_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(folder, unreadable))
        if (entry.path().extension() == ".csv") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<named_text> texts;
    for (const auto& file : files) texts.push_back(read(file));
    return texts;
}

// Without code: the built-in profile's.
kernel_profile load_folder(const fs::path& folder) {
    const auto code = folder / code_file;
    std::error_code unreadable;
    auto costs = cost_profile::parse(costs_in(folder), folder.string());
    if (!fs::exists(code, unreadable)) return {std::move(costs), code_profile::built_in()};
    return {std::move(costs), code_profile::parse(read(code).text, code.string())};
}

kernel_profile of_shipped(const shipped_profile& shipped) {
    const std::string name{shipped.name};
    return {cost_profile::parse(shipped.costs, name), shipped.code != nullptr
                                                          ? code_profile::parse(shipped.code, name + '/' + code_file)
                                                          : code_profile::built_in()};
}

}  // namespace

kernel_profile kernel_profile::load(const std::string& place) {
    if (const auto* shipped = find_shipped_profile(place)) return of_shipped(*shipped);
    std::error_code unreadable;
    if (fs::is_directory(place, unreadable)) return load_folder(place);
    return {cost_profile::parse({read(place)}, place), code_profile::built_in()};
}

kernel_profile kernel_profile::of(const cpu_spec& cpu) {
    auto profile = cpu.profile.empty() ? kernel_profile{} : load(cpu.profile);
    if (cpu.assumed_cost != 1) profile.costs = profile.costs.with_assumed_times(cpu.assumed_cost);
    return profile;
}

}  // namespace rxpath
