// The CSV text of models/cpu/profiles/linux-6.12-x86_64 and its folder memory, put here by the build.
#pragma once

namespace rxpath {

extern const char* const built_in_profile;
extern const char* const built_in_accesses;
extern const char* const built_in_layout;

}  // namespace rxpath
