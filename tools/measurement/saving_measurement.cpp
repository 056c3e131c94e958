#include "tools/measurement/saving_measurement.h"

#include <algorithm>
#include <numeric>

#include "tools/measurement/measured_flows.h"
#include "tools/measurement/time_stamp_counter.h"

namespace rxpath {

namespace {

// The smallest value that at least `share` of them do not exceed.
double percentile(std::vector<double> values, double share) {
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

// The mean of the middle half: as robust as the median, and finer than the counter's steps, of which some are 26 ticks.
double middle_mean(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto quarter = static_cast<std::ptrdiff_t>(values.size() / 4);
    const auto first = values.begin() + quarter, last = values.end() - quarter;
    return std::accumulate(first, last, 0.0) / static_cast<double>(last - first);
}

double measure_block(tap_host& host, measured_flows& flows, const measurement_plan& plan, bool early_demux) {
    host.set_early_demux(early_demux);
    for (std::uint32_t i = 0; i < plan.packets_after_switch; ++i) flows.send_next();
    std::vector<double> ticks;
    ticks.reserve(plan.packets_per_block);
    while (ticks.size() < plan.packets_per_block) ticks.push_back(static_cast<double>(flows.send_next()));
    return middle_mean(std::move(ticks));
}

}  // namespace

saving_row measure_saving(const measured_configuration& configuration, std::uint32_t run,
                          const measurement_plan& plan) {
    tap_host host(configuration);
    measured_flows flows(host, configuration);
    for (std::uint64_t i = 0; i < std::uint64_t{rounds_before_measuring(configuration)} * flows.count(); ++i)
        flows.send_next();
    std::vector<double> off, on, saved, clock;
    for (std::uint32_t pair = 0; pair < plan.pairs; ++pair) {
        const bool on_first = pair % 2 != 0;  // a drift of the clock adds as often as it takes
        const auto first = measure_block(host, flows, plan, on_first);
        const auto second = measure_block(host, flows, plan, !on_first);
        on.push_back(on_first ? first : second);
        off.push_back(on_first ? second : first);
        saved.push_back(off.back() - on.back());
        if (pair % 16 == 0) clock.push_back(tsc_per_core_cycle());
    }
    saving_row row;
    row.run = run;
    row.host = configuration;
    row.off_tsc = median(off);
    row.on_tsc = median(on);
    row.saved_p10 = percentile(saved, 0.1);
    row.saved_p50 = percentile(saved, 0.5);
    row.saved_p90 = percentile(saved, 0.9);
    row.tsc_per_core_cycle = median(clock);
    return row;
}

}  // namespace rxpath
