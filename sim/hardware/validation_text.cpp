#include <fmt/format.h>

#include <cmath>

#include "sim/hardware/validation.h"

namespace rxpath {

namespace {

using side = table::side;

std::string shown(const spread& measured, int digits) {
    return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", measured.median, digits, measured.least, digits, measured.most,
                       digits);
}

std::string shown(verdict result, const text_style& style) {
    if (result == verdict::holds) return style.good("holds");
    if (result == verdict::fails) return style.bad("fails");
    return style.dim("one run: no range");
}

// There is none when the simulated base saves nothing.
std::string growth_text(double growth) { return std::isfinite(growth) ? fmt::format("{:.2f}", growth) : "-"; }

std::string error_text(double growth, double measured) {
    return std::isfinite(growth) ? fmt::format("{:+.0f} %", (growth / measured - 1) * 100) : "-";
}

std::string base_text(const validated_group& base, const text_style& style) {
    return fmt::format(
        "base: {}\n"
        "core cycles a packet with its dst cached: measured {}, predicted {:.0f}\n"
        "saved core cycles a packet: measured {}, predicted {:.0f}: {}\n",
        to_string(base.measured.host), shown(base.measured.on_cycles, 0), base.predicted_on_cycles,
        shown(base.measured.saved_cycles, 0), base.predicted_saved_cycles, shown(base.result, style));
}

}  // namespace

std::string validation_text(const std::vector<validated_group>& groups, const text_style& style) {
    table out({{"configuration", side::left},
               {"runs"},
               {"measured growth (range)"},
               {"predicted"},
               {"off by"},
               {"the model was", side::left},
               {"verdict", side::left}});
    for (std::size_t i = 1; i < groups.size(); ++i) {
        const auto& group = groups[i];
        const auto& growth = group.measured.growth;
        out.row({to_string(group.measured.host), std::to_string(group.measured.runs), shown(growth, 2),
                 growth_text(group.predicted_growth), error_text(group.predicted_growth, growth.median),
                 is_fitted(group.measured.host) ? "fitted to it" : "not fitted", shown(group.result, style)});
    }
    auto text =
        style.bold("What a cached dst saves: measured and predicted") + "\n\n" + base_text(groups.front(), style);
    if (out.empty()) return text;
    return text + "\n" + out.text(style) +
           fmt::format(
               "\ngrowth: the saving as a share of a packet's write(), over that of the base in the same run\n"
               "holds: within {:.0f} % of the measured median for one flow, in the range of the runs for several\n",
               allowed_growth_error * 100);
}

}  // namespace rxpath
