// The CSV text of the folders in models/cpu/profiles and of models/cpu/core_presets.csv, put here by the build.
#pragma once

#include <string_view>

namespace rxpath {

// The text of the profile in the folder of that name; null when there is none.
const char* shipped_profile(std::string_view name);

// linux-6.12-x86_64.
extern const char* const built_in_profile;
extern const char* const built_in_core_presets;
extern const char* const built_in_accesses;
extern const char* const built_in_code;
extern const char* const built_in_layout;

}  // namespace rxpath
