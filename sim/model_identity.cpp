#include "sim/model_identity.h"

#include <fmt/format.h>

#include "models/cpu/built_in_profile.h"
#include "models/cpu/cost_profile.h"
#include "sim/text.h"

namespace rxpath {

std::string model_identity(const cpu_spec& cpu) {
    std::string data = RXPATH_VERSION "\n";
    const auto profile = cost_profile::of(cpu);
    for (const auto& row : profile.rows()) {
        data += fmt::format("{},{},{},{},{}\n", describe(row.function).name, row.step, row.cost.instructions,
                            row.cost.loads, row.cost.stores);
    }
    for (const auto* built_in : {built_in_accesses, built_in_layout, built_in_code, built_in_core_presets})
        data += built_in;
    return fingerprint(data);
}

}  // namespace rxpath
