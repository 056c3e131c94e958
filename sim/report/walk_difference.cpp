#include "sim/report/walk_difference.h"

#include <algorithm>
#include <map>
#include <utility>

namespace rxpath {

namespace {

// A call with a number for its way: equal where the function and all its callers are.
struct placed_call {
    const walk_call* call = nullptr;
    std::size_t way = 0;
};
using call_list = std::vector<placed_call>;

// Numbers ways as they come; both walks are numbered by one.
class way_numbers {
public:
    call_list place(const packet_walk& walk) {
        call_list calls;
        for (const auto& part : walk.parts) {
            std::vector<std::size_t> above;  // the ways of the open calls
            for (const auto& call : part.calls) {
                above.resize(call.depth + 1);
                const auto caller = call.depth == 0 ? 0 : above[call.depth - 1];
                above[call.depth] = m_numbers.try_emplace({caller, call.function}, m_numbers.size() + 1).first->second;
                calls.push_back({&call, above[call.depth]});
            }
        }
        return calls;
    }

private:
    std::map<std::pair<std::size_t, std::string>, std::size_t> m_numbers;
};

bool same_steps(const walk_call& a, const walk_call& b) {
    return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                      [](auto& x, auto& y) { return x.name == y.name && x.times == y.times; });
}

// Lengths of the longest common subsequences of what follows each pair of places.
std::vector<std::vector<std::uint32_t>> common_lengths(const call_list& one, const call_list& other) {
    std::vector<std::vector<std::uint32_t>> lengths(one.size() + 1, std::vector<std::uint32_t>(other.size() + 1));
    for (std::size_t i = one.size(); i-- > 0;)
        for (std::size_t j = other.size(); j-- > 0;)
            lengths[i][j] =
                one[i].way == other[j].way ? lengths[i + 1][j + 1] + 1 : std::max(lengths[i + 1][j], lengths[i][j + 1]);
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
    way_numbers ways;
    const auto first = ways.place(one), second = ways.place(other);
    const auto lengths = common_lengths(first, second);
    std::vector<aligned_call> aligned;
    std::size_t i = 0, j = 0;
    while (i < first.size() || j < second.size()) {
        if (i < first.size() && j < second.size() && first[i].way == second[j].way)
            aligned.push_back({first[i++].call, second[j++].call});
        else if (j == second.size() || (i < first.size() && lengths[i + 1][j] >= lengths[i][j + 1]))
            aligned.push_back({first[i++].call, nullptr});
        else
            aligned.push_back({nullptr, second[j++].call});
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
