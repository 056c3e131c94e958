#include "sim/result/fates_json.h"

#include <string>
#include "models/softirq/fate_functions.h"

namespace rxpath {

namespace {

json called_functions(std::uint32_t called) {
    auto names = json::array();
    for (std::size_t i = 0; i < std::size(fate_functions); ++i)
        if ((called >> i & 1u) != 0) names.push_back(describe(fate_functions[i]).name);
    return names;
}

json stages_of(const fate_account& account) {
    auto out = json::object();
    for (std::size_t i = 0; i < stage_count; ++i) {
        if (!is_on_path(static_cast<stage>(i))) continue;
        const auto& done = account.stages[i];
        out[std::string(to_string(static_cast<stage>(i)))] = {{"instructions", done.instructions},
                                                              {"context_instructions", done.context_instructions},
                                                              {"cycles", done.cycles}};
    }
    return out;
}

json causes_of(const fate_account& account) {
    auto out = json::object();
    for (std::size_t i = 0; i < cycle_cause_count; ++i) {
        double sum = 0;
        for (const auto& done : account.stages) sum += done.why[i];
        out[std::string(to_string(static_cast<cycle_cause>(i)))]["cycles"] = sum;
    }
    return out;
}

json functions_of(const fate_account& account) {
    auto out = json::object();
    for (const auto function : all_functions()) {
        const auto& done = account.functions[static_cast<std::size_t>(function)];
        if (done.instructions == 0 && done.cycles == 0) continue;
        out[std::string(describe(function).name)] = {{"instructions", done.instructions}, {"cycles", done.cycles}};
    }
    return out;
}

}  // namespace

json to_json(const fate_accounts& fates) {
    auto out = json::array();
    for (const auto& [fate, account] : fates) {
        const bool dropped = fate.outcome == packet_outcome::dropped;
        out.push_back({{"outcome", to_string(fate.outcome)},
                       {"reason", dropped ? json(to_string(fate.reason)) : json(nullptr)},
                       {"place", to_string(fate.place)},
                       {"called", called_functions(fate.called)},
                       {"packets", account.packets},
                       {"stages", stages_of(account)},
                       {"causes", causes_of(account)},
                       {"functions", functions_of(account)}});
    }
    return out;
}

}  // namespace rxpath
