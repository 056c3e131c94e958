// The CSV text of models/cpu/profiles/linux-6.12-x86_64 and of models/cpu/core_presets.csv, put here by the build.
#pragma once

namespace rxpath {

extern const char* const built_in_profile;
extern const char* const built_in_core_presets;

}  // namespace rxpath
