#include "sim/study/sensitivity.h"

#include <algorithm>
#include <cmath>

namespace rxpath {

namespace {

constexpr auto ranked_statistic = "cycles_per_packet";  // of the path

variant with_number(variant chosen, const parameter& entry, double number) {
    chosen.set.push_back({std::string(entry.name), written_number(entry.kind, number)});
    return chosen;
}

// Of two neighbouring results, the first and the last variant.
double saved_by(const std::vector<json>& results, std::size_t first) {
    return path_saving_of(results[first].at("fates"), results[first + 1].at("fates")).cycles();
}

double root_sum_square(const std::vector<varied_number>& ranking, double saved, bool above) {
    double sum = 0;
    for (const auto& each : ranking) {
        const auto end =
            above ? std::max(each.saved_at_low, each.saved_at_high) : std::min(each.saved_at_low, each.saved_at_high);
        const auto deviation = above ? std::max(end - saved, 0.0) : std::max(saved - end, 0.0);
        sum += deviation * deviation;
    }
    return std::sqrt(sum);
}

}  // namespace

double sensitivity::swing(const varied_number& varied) const {
    const auto [smallest, largest] = std::minmax({saved, varied.saved_at_low, varied.saved_at_high});
    return largest - smallest;
}

double sensitivity::low() const { return saved - root_sum_square(ranking, saved, false); }
double sensitivity::high() const { return saved + root_sum_square(ranking, saved, true); }

std::vector<variant> points_of_sensitivity(const scenario& from) {
    std::vector<variant> points;
    for (const auto* entry : assumed_parameters()) {
        for (const auto number : {entry->plausible->low, entry->plausible->high}) {
            points.push_back(with_number(from.variants.front(), *entry, number));
            points.push_back(with_number(from.variants.back(), *entry, number));
        }
    }
    return points;
}

sensitivity rank(const comparison& compared, const std::vector<json>& results) {
    sensitivity ranked{compared.path.cycles(), {}};
    std::size_t next = 0;
    for (const auto* entry : assumed_parameters()) {
        ranked.ranking.push_back({std::string(entry->name), written_number(entry->kind, entry->plausible->low),
                                  written_number(entry->kind, entry->plausible->high), saved_by(results, next),
                                  saved_by(results, next + 2)});
        next += 4;
    }
    std::stable_sort(ranked.ranking.begin(), ranked.ranking.end(),
                     [&](auto& a, auto& b) { return ranked.swing(a) > ranked.swing(b); });
    return ranked;
}

json to_json(const sensitivity& ranked) {
    auto ranking = json::array();
    for (const auto& each : ranked.ranking) {
        ranking.push_back({{"parameter", each.parameter},
                           {"low", each.low},
                           {"high", each.high},
                           {"saved_at_low", each.saved_at_low},
                           {"saved_at_high", each.saved_at_high},
                           {"swing", ranked.swing(each)}});
    }
    return {{"unit", ranked_statistic},
            {"saved", ranked.saved},
            {"low", ranked.low()},
            {"high", ranked.high()},
            {"ranking", ranking}};
}

}  // namespace rxpath
