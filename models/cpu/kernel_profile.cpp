#include "models/cpu/kernel_profile.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "models/cpu/built_in_profile.h"
#include "models/cpu/csv_fields.h"

namespace rxpath {

namespace {

namespace fs = std::filesystem;

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

kernel_profile load_folder(const fs::path& folder) {
    kernel_profile profile;
    profile.costs = cost_profile::parse(costs_in(folder), folder.string());
    const auto code = folder / "memory/code.csv";
    std::error_code unreadable;
    if (fs::exists(code, unreadable)) profile.code = code_profile::parse(text_of(code), code.string());
    return profile;
}

kernel_profile load_shipped(const shipped_profile& shipped) {
    kernel_profile profile;
    const std::string name{shipped.name};
    profile.costs = cost_profile::parse(shipped.costs, name);
    if (shipped.code != nullptr) profile.code = code_profile::parse(shipped.code, name + "/memory/code.csv");
    return profile;
}

}  // namespace

kernel_profile kernel_profile::load(const std::string& place) {
    if (const auto* shipped = find_shipped_profile(place)) return load_shipped(*shipped);
    std::error_code unreadable;
    if (fs::is_directory(place, unreadable)) return load_folder(place);
    kernel_profile profile;
    profile.costs = cost_profile::parse(text_of(place), place);
    return profile;
}

kernel_profile kernel_profile::of(const cpu_spec& cpu) {
    auto profile = cpu.profile.empty() ? kernel_profile{} : load(cpu.profile);
    if (cpu.assumed_cost != 1) profile.costs = profile.costs.with_assumed_times(cpu.assumed_cost);
    return profile;
}

}  // namespace rxpath
