// Figures that others published about the receive path, and what becomes of them here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/table.h"

namespace rxpath {

struct published_figure {
    std::string_view name;   // "V4"
    std::string_view setup;  // what was measured, and where that is written
    std::string_view figure;
    std::string_view here;  // the scenario that checks it, or why none can
};
const std::vector<published_figure>& published_figures();

std::string published_figures_text(const text_style& style);

}  // namespace rxpath
