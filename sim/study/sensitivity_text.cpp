#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/study/sensitivity.h"

namespace rxpath {

namespace {

using side = table::side;

// A swing that no reader of a table would see: rounding to whole cycles in some packets.
constexpr double visible_share = 1e-3;

}  // namespace

std::string sensitivity_text(const sensitivity& ranked, const text_style& style) {
    table out({{"assumed number", side::left},
               {"low"},
               {"high"},
               {"saved at low"},
               {"saved at high"},
               {"swing"},
               {"of the saving"},
               {"", side::left}});
    std::vector<std::string> without_effect;
    const auto widest = ranked.ranking.empty() ? 0 : ranked.swing(ranked.ranking.front());
    const auto saved = std::abs(ranked.saved);
    for (const auto& each : ranked.ranking) {
        const auto swing = ranked.swing(each);
        if (swing <= visible_share * saved) {
            without_effect.push_back(each.parameter);
            continue;
        }
        out.row({each.parameter, each.low, each.high, short_number(each.saved_at_low), short_number(each.saved_at_high),
                 short_number(swing), percent(swing / saved), bar(swing / widest, 20)});
    }
    auto text =
        style.bold(fmt::format("saved: {} cycles/packet, from {} to {}", short_number(ranked.saved),
                               short_number(ranked.low()), short_number(ranked.high()))) +
        "\nwhat the assumed numbers leave open: each varied alone; together, the root of the sum of squares\n\n" +
        out.text(style);
    if (!without_effect.empty()) {
        text += style.dim(fmt::format("without effect here: {}", fmt::join(without_effect, ", "))) + '\n';
    }
    return text;
}

}  // namespace rxpath
