// How much a saving rests on numbers without a source: each is varied over its plausible range, one at a time, and the
// comparison repeated.
//
// Left out: what two numbers do together that neither does alone.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/study/comparison.h"
#include "sim/support/table.h"

namespace rxpath {

// An assumed number at the two ends of its range, and the cycles a packet that the comparison then saves.
struct varied_number {
    std::string parameter, low, high;  // as written in a scenario: "500cycles"
    double saved_at_low = 0, saved_at_high = 0;
};

struct sensitivity {
    double saved = 0;                    // cycles a packet, every number as the scenario has it
    std::vector<varied_number> ranking;  // the largest swing first

    // Between the smallest and the largest of the three savings.
    double swing(const varied_number& varied) const;
    // The saving's range. Assumptions err independently of one another, so their deviations add up as the root of the
    // sum of squares, those below and those above the saving apart; all at their worst at once would be too wide, the
    // largest one alone too narrow.
    double low() const;
    double high() const;
};

// The runs that it takes: the first and the last variant, at the low and then at the high end of each number.
std::vector<variant> points_of_sensitivity(const scenario& from);
// Ranks what these runs answered, in the same order, beside the comparison as it stands.
sensitivity rank(const comparison& compared, const std::vector<json>& results);

// {"unit": "cycles_per_packet", "saved": .., "low": .., "high": .., "ranking": [..]}
json to_json(const sensitivity& ranked);
std::string sensitivity_text(const sensitivity& ranked, const text_style& style);

}  // namespace rxpath
