#include "models/cpu/csv_fields.h"

namespace rxpath {

std::optional<function_number> function_named(std::string_view name) {
    for (const auto function : all_functions())
        if (describe(function).name == name) return function;
    return std::nullopt;
}

std::optional<std::size_t> step_named(const kernel_function& function, std::string_view name) {
    const auto count = function.step_count();
    for (std::size_t i = 0; i < count; ++i)
        if (function.step_name(i) == name) return i;
    return std::nullopt;
}

bool known_source(std::string_view source) {
    return source.rfind("measured", 0) == 0 || source.rfind("disassembly", 0) == 0 || source.rfind("assumed", 0) == 0;
}

}  // namespace rxpath
