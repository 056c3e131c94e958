#include "models/base/kernel_function.h"

#include <algorithm>
#include <array>

namespace rxpath {

namespace {

#define RXPATH_FUNCTION(name, file, ...) {#name, file, #__VA_ARGS__, function_kind::receive},
#define RXPATH_HELPER(name, file, ...) {#name, file, #__VA_ARGS__, function_kind::helper},
#define RXPATH_CLOSED(name, file, ...) {#name, file, #__VA_ARGS__, function_kind::closed},
constexpr kernel_function napi_functions[] = {
#include "models/base/kernel_functions/napi.def"
};
constexpr kernel_function ip_functions[] = {
#include "models/base/kernel_functions/ip.def"
};
constexpr kernel_function early_demux_functions[] = {
#include "models/base/kernel_functions/early_demux.def"
};
constexpr kernel_function routing_functions[] = {
#include "models/base/kernel_functions/routing.def"
};
constexpr kernel_function socket_functions[] = {
#include "models/base/kernel_functions/socket.def"
};
constexpr kernel_function helpers_functions[] = {
#include "models/base/kernel_functions/helpers.def"
};

using function_table = std::array<kernel_function, function_count>;

// The functions of a layer whose numbers are `First` to below `Next`.
template <std::uint16_t First, std::uint16_t Next, std::size_t Count>
constexpr void list(function_table& table, const kernel_function (&functions)[Count]) {
    static_assert(Count <= Next - First, "the layer needs more room in first_function");
    for (std::size_t i = 0; i < Count; ++i) table[First + i] = functions[i];
}

constexpr function_table list_all() {
    namespace first = first_function;
    function_table table{};
    list<first::napi, first::ip>(table, napi_functions);
    list<first::ip, first::early_demux>(table, ip_functions);
    list<first::early_demux, first::routing>(table, early_demux_functions);
    list<first::routing, first::socket>(table, routing_functions);
    list<first::socket, first::helpers>(table, socket_functions);
    list<first::helpers, first::end>(table, helpers_functions);
    return table;
}

constexpr function_table functions = list_all();

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

const kernel_function& describe(function_number function) { return functions[static_cast<std::size_t>(function)]; }

const std::vector<function_number>& all_functions() {
    static const auto all = [] {
        std::vector<function_number> found;
        for (std::size_t i = 0; i < function_count; ++i)
            if (!functions[i].name.empty()) found.push_back(static_cast<function_number>(i));
        return found;
    }();
    return all;
}

}  // namespace rxpath
