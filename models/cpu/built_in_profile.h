// The CSV text of the folders in models/cpu/profiles and of models/cpu/core_presets.csv, put here by the build.
#pragma once

#include <string_view>

namespace rxpath {

// The text of a profile's files.
struct shipped_profile {
    std::string_view name;  // of its folder
    const char* costs;
    const char* code;  // null: it has none
};

// Null when there is none of that name.
const shipped_profile* find_shipped_profile(std::string_view name);

// Those of linux-6.12-x86_64.
extern const char* const built_in_profile;
extern const char* const built_in_core_presets;
extern const char* const built_in_accesses;
extern const char* const built_in_code;
extern const char* const built_in_layout;

}  // namespace rxpath
