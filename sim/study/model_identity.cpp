#include "sim/study/model_identity.h"

#include <fmt/format.h>

#include "models/cpu/built_in_profile.h"
#include "models/cpu/kernel_profile.h"
#include "sim/study/program_code.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

std::string text_of(const cost_profile& costs) {
    std::string text;
    for (const auto& row : costs.rows()) {
        text += fmt::format("{},{},{},{},{}\n", describe(row.function).name, row.step, row.cost.instructions,
                            row.cost.loads, row.cost.stores);
    }
    return text;
}

std::string text_of(const code_profile& profile) {
    std::string text;
    for (const auto function : all_functions()) {
        const auto& code = profile.of(function);
        text += fmt::format("{},{},{}\n", code.lines, code.returns, code.indirect_calls);
    }
    return text;
}

}  // namespace

std::string model_identity(const cpu_spec& cpu) {
    const auto profile = kernel_profile::of(cpu);
    auto data = fmt::format("{}\n{}\n", RXPATH_VERSION, program_code) + text_of(profile.costs) + text_of(profile.code);
    for (const auto* built_in : {built_in_accesses, built_in_layout, built_in_core_presets}) data += built_in;
    return fingerprint(data);
}

}  // namespace rxpath
