#include "sim/walk_difference.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/stage.h"

namespace rxpath {

namespace {

using call_list = std::vector<const walk_call*>;

call_list calls_of(const packet_walk& walk) {
    call_list calls;
    for (const auto& part : walk.parts)
        for (const auto& call : part.calls) calls.push_back(&call);
    return calls;
}

bool same_call(const walk_call& a, const walk_call& b) { return a.function == b.function && a.depth == b.depth; }

bool same_steps(const walk_call& a, const walk_call& b) {
    return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                      [](auto& x, auto& y) { return x.name == y.name && x.times == y.times; });
}

// Lengths of the longest common subsequences of what follows each pair of places.
std::vector<std::vector<std::uint32_t>> common_lengths(const call_list& one, const call_list& other) {
    std::vector<std::vector<std::uint32_t>> lengths(one.size() + 1, std::vector<std::uint32_t>(other.size() + 1));
    for (std::size_t i = one.size(); i-- > 0;)
        for (std::size_t j = other.size(); j-- > 0;)
            lengths[i][j] = same_call(*one[i], *other[j]) ? lengths[i + 1][j + 1] + 1
                                                          : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    return lengths;
}

json numbers(const walk_call* one, const walk_call* other) {
    const auto of = [](const walk_call* call) {
        if (call == nullptr) return json(nullptr);
        return json{{"instructions", call->instructions}, {"cycles", call->cycles}};
    };
    return {of(one), of(other)};
}

}  // namespace

bool aligned_call::alike() const {
    return one != nullptr && other != nullptr && one->instructions == other->instructions && same_steps(*one, *other);
}

char aligned_call::mark() const {
    if (other == nullptr) return '-';
    if (one == nullptr) return '+';
    return alike() ? ' ' : '~';
}

std::vector<aligned_call> align(const packet_walk& one, const packet_walk& other) {
    const auto first = calls_of(one), second = calls_of(other);
    const auto lengths = common_lengths(first, second);
    std::vector<aligned_call> aligned;
    std::size_t i = 0, j = 0;
    while (i < first.size() || j < second.size()) {
        if (i < first.size() && j < second.size() && same_call(*first[i], *second[j]))
            aligned.push_back({first[i++], second[j++]});
        else if (j == second.size() || (i < first.size() && lengths[i + 1][j] >= lengths[i][j + 1]))
            aligned.push_back({first[i++], nullptr});
        else
            aligned.push_back({nullptr, second[j++]});
    }
    return aligned;
}

json to_json(const walk_difference& difference) {
    auto calls = json::array();
    for (const auto& each : align(difference.one, difference.other)) {
        calls.push_back({{"mark", std::string(1, each.mark())},
                         {"function", each.any().function},
                         {"depth", each.any().depth},
                         {"stage", each.any().stage},
                         {"of", numbers(each.one, each.other)}});
    }
    return {{"walks",
             {{{"name", difference.one_name}, {"walk", to_json(difference.one)}},
              {{"name", difference.other_name}, {"walk", to_json(difference.other)}}}},
            {"calls", calls}};
}

}  // namespace rxpath
