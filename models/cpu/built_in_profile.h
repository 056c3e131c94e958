// The CSV text of models/cpu/profiles/linux-6.12-x86_64, put here by the build.
#pragma once

namespace rxpath {

extern const char* const built_in_profile;

}  // namespace rxpath
