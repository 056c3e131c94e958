#include "sim/hardware/published_figures.h"

#include <stdexcept>

#include "sim/support/csv_rows.h"

namespace rxpath {

const std::vector<published_figure>& published_figures() {
    static const std::vector<published_figure> figures = [] {
        auto rows = csv_rows(shipped_figures);
        rows.erase(rows.begin());  // the header
        std::vector<published_figure> all;
        for (const auto& row : rows) {
            if (row.size() != 5) throw std::logic_error("docs/validation.csv: " + row[0] + ": not five fields");
            all.push_back({row[0], row[1], row[2], row[3], row[4]});
        }
        return all;
    }();
    return figures;
}

std::string published_figures_text(const text_style& style) {
    using side = table::side;
    table out({{"figure", side::left}, {"of", side::left}, {"published", side::left}, {"checked by", side::left}});
    for (const auto& each : published_figures()) {
        const auto checked = each.scenario.empty() ? "not comparable" : "compare " + each.scenario;
        out.row({each.name, each.setup, each.figure, checked});
    }
    return style.bold("Published figures") + "\n\n" + out.text(style) +
           "scenarios: scenarios/validation; docs/validation.md says what each reaches, and why others do not "
           "compare\n";
}

}  // namespace rxpath
