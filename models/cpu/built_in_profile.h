// The CSV text of models/cpu/profiles/linux-6.12-x86_64 with its folder memory, and of models/cpu/core_presets.csv,
// put here by the build.
#pragma once

namespace rxpath {

extern const char* const built_in_profile;
extern const char* const built_in_core_presets;
extern const char* const built_in_accesses;
extern const char* const built_in_code;
extern const char* const built_in_layout;

}  // namespace rxpath
