#include "models/base/kernel_function.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr kernel_function functions[] = {
#define RXPATH_FUNCTION(name, file, ...) {#name, file, #__VA_ARGS__, function_kind::receive},
#define RXPATH_HELPER(name, file, ...) {#name, file, #__VA_ARGS__, function_kind::helper},
#define RXPATH_CLOSED(name, file, ...) {#name, file, #__VA_ARGS__, function_kind::closed},
#include "models/base/kernel_functions/all.def"
};

}  // namespace

std::string_view kernel_function::step_name(std::size_t index) const {
    auto rest = steps;
    for (; index > 0; --index) {
        const auto comma = rest.find(',');
        if (comma == std::string_view::npos) return {};
        rest.remove_prefix(comma + 1);
    }
    rest = rest.substr(0, rest.find(','));
    const auto first = rest.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{} : rest.substr(first);
}

std::size_t kernel_function::step_count() const {
    return steps.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(steps.begin(), steps.end(), ','));
}

const kernel_function& describe(fn function) { return functions[static_cast<std::size_t>(function)]; }

}  // namespace rxpath
