// Figures that others published about the receive path, and what checks them here: docs/validation.csv, from which
// docs/validation.md is made too.
#pragma once

#include <string>
#include <vector>

#include "sim/support/table.h"

namespace rxpath {

struct published_figure {
    std::string name;   // "V4"
    std::string setup;  // what was measured, and where that is written
    std::string figure;
    std::string scenario;  // that checks it, in scenarios/validation; empty: none can
    std::string note;      // why not, or why it comes out otherwise
};
// The rows of the file, in its order.
const std::vector<published_figure>& published_figures();
extern const char* const shipped_figures;  // its text

std::string published_figures_text(const text_style& style);

}  // namespace rxpath
