#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/base/stage.h"
#include "sim/report/glossary.h"
#include "sim/report/walk_difference.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

using side = table::side;

constexpr std::size_t columns_width = 38;  // what stands before the calls
constexpr std::size_t wide = 110;          // lines from which on a call is two characters to the right of its caller

struct stage_cost {
    std::int64_t instructions = 0;
    double cycles = 0;
};
using stage_costs = std::array<stage_cost, stage_count>;

stage_cost& of(stage_costs& costs, std::string_view name) {
    for (std::size_t i = 0; i < stage_count; ++i)
        if (to_string(static_cast<stage>(i)) == name) return costs[i];
    return costs.front();
}

stage_costs costs_of(const packet_walk& walk) {
    stage_costs costs;
    for (const auto& part : walk.parts) {
        for (const auto& call : part.calls) {
            of(costs, call.stage).instructions += call.instructions;
            of(costs, call.stage).cycles += call.cycles;
        }
    }
    for (const auto& each : walk.fixed)
        of(costs, each.what == "interrupt" ? "napi" : "application").cycles += static_cast<double>(each.share);
    return costs;
}

std::string hop_of(const packet_walk& walk) {
    return walk.left_by.empty() ? "" : fmt::format("{}, next hop {}", walk.left_by, walk.next_hop);
}

std::string signed_number(double number) {
    if (std::llround(number) == 0) return "0";
    return (number < 0 ? "-" : "+") + grouped(static_cast<std::uint64_t>(std::llround(std::abs(number))));
}

std::string fates(const walk_difference& difference, const text_layout& layout) {
    table out({{"", side::left}, {"-", side::left}, {"+", side::left}});
    const auto row = [&](const std::string& what, const auto& value) {
        if (!value(difference.one).empty() || !value(difference.other).empty())
            out.row({what, value(difference.one), value(difference.other)});
    };
    row("outcome", [](auto& walk) { return walk.outcome; });
    row("drop reason", [](auto& walk) { return walk.drop_reason; });
    row("left by", hop_of);
    row("early demux", [](auto& walk) { return walk.early_demux; });
    row("dst from", [](auto& walk) { return walk.dst_from; });
    row("instructions", [](auto& walk) { return grouped(walk.instructions + walk.context_instructions); });
    row("cycles", [](auto& walk) { return grouped(walk.cycles); });
    return out.text(layout.style);
}

// "-dst_attached +routed x2": the steps that only one of them took, or more often.
std::string differing_steps(const walk_call& one, const walk_call& other) {
    const auto times_in = [](const walk_call& call, const std::string& name) {
        const auto found =
            std::find_if(call.steps.begin(), call.steps.end(), [&](auto& step) { return step.name == name; });
        return found == call.steps.end() ? std::uint64_t{0} : found->times;
    };
    std::string text;
    const auto add = [&](char mark, const walk_call& from, const walk_call& less) {
        for (const auto& step : from.steps) {
            const auto more = step.times - std::min(step.times, times_in(less, step.name));
            if (more != 0) text += fmt::format(" {}{}", mark, step.name);
            if (more > 1) text += fmt::format(" x{}", more);
        }
    };
    add('-', one, other);
    add('+', other, one);
    return text.empty() ? "" : ":" + text;
}

std::string coloured(const std::string& line, char mark, const text_style& style) {
    if (mark == '-') return style.bad(line);
    return mark == '+' ? style.good(line) : line;
}

std::string call_lines(const aligned_call& aligned, const text_layout& layout) {
    const auto mark = aligned.mark();
    const auto& call = aligned.any();
    const auto indent = layout.width >= wide ? 2 * call.depth : call.depth;
    const auto instructions = [](const walk_call* of) { return of != nullptr ? grouped_signed(of->instructions) : ""; };
    const auto cycles_taken = [](const walk_call* of) {
        return of != nullptr ? fmt::format("{:.1f}", of->cycles) : "";
    };
    const auto columns =
        fmt::format("{} {:>7} {:>7}  {:>8} {:>8}  ", mark, instructions(aligned.one), instructions(aligned.other),
                    cycles_taken(aligned.one), cycles_taken(aligned.other));
    const auto name = mark == '~'   ? call.function + differing_steps(*aligned.one, *aligned.other)
                      : mark == ' ' ? call.function
                                    : call_text(call);
    std::string text;
    for (const auto& line : wrapped(name, layout.width - columns_width - indent, 2))
        text += coloured((text.empty() ? columns : std::string(columns_width, ' ')) + std::string(indent, ' ') + line,
                         mark, layout.style) +
                '\n';
    return text;
}

// Calls that are shown: those that differ, and who called them.
std::vector<bool> shown(const std::vector<aligned_call>& calls) {
    std::vector<bool> found(calls.size());
    if (std::all_of(calls.begin(), calls.end(), [](auto& each) { return each.mark() == ' '; })) return found;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (calls[i].mark() == ' ') continue;
        found[i] = true;
        for (std::size_t caller = i; caller-- > 0;) {
            if (calls[caller].any().depth >= calls[i].any().depth) continue;
            found[caller] = true;
            break;
        }
    }
    for (std::size_t i = 1; i + 1 < found.size(); ++i)  // a line for one call says which it is
        if (found[i - 1] && found[i + 1]) found[i] = true;
    return found;
}

std::string calls_text(const std::vector<aligned_call>& calls, const text_layout& layout) {
    const auto style = layout.style;
    auto text = style.bold(
        fmt::format("  {:>7} {:>7}  {:>8} {:>8}  call: steps\n", "instr -", "instr +", "cycles -", "cycles +"));
    const auto is_shown = shown(calls);
    std::size_t alike = 0;
    const auto count_alike = [&] {
        if (alike != 0)
            text +=
                style.dim(fmt::format("{:{}}... {} call{} alike\n", "", columns_width, alike, alike == 1 ? "" : "s"));
        alike = 0;
    };
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (!is_shown[i]) {
            ++alike;
            continue;
        }
        count_alike();
        text += call_lines(calls[i], layout);
    }
    count_alike();
    return text;
}

std::string stages_text(const walk_difference& difference, const text_layout& layout) {
    table out({{"stage", side::left}, {"instructions -"}, {"+"}, {"difference"}, {"cycles -"}, {"+"}, {"difference"}});
    const auto one = costs_of(difference.one), other = costs_of(difference.other);
    for (std::size_t i = 0; i < stage_count; ++i) {
        if (one[i].instructions == 0 && other[i].instructions == 0 && one[i].cycles == 0 && other[i].cycles == 0)
            continue;
        out.row({std::string(to_string(static_cast<stage>(i))), grouped_signed(one[i].instructions),
                 grouped_signed(other[i].instructions),
                 signed_number(static_cast<double>(other[i].instructions - one[i].instructions)),
                 short_number(one[i].cycles), short_number(other[i].cycles),
                 signed_number(other[i].cycles - one[i].cycles)});
    }
    const auto instructions = [](const packet_walk& walk) { return walk.instructions + walk.context_instructions; };
    const auto change = [](std::uint64_t from, std::uint64_t to) {
        return signed_number(static_cast<double>(to) - static_cast<double>(from));
    };
    out.rule();
    out.row({"all", grouped(instructions(difference.one)), grouped(instructions(difference.other)),
             change(instructions(difference.one), instructions(difference.other)), grouped(difference.one.cycles),
             grouped(difference.other.cycles), change(difference.one.cycles, difference.other.cycles)});
    return out.text(layout.style);
}

std::string alike_text(const std::vector<aligned_call>& calls, const text_layout& layout) {
    double cycles_of_alike = 0;
    for (const auto& each : calls)
        if (each.mark() == ' ') cycles_of_alike += each.other->cycles - each.one->cycles;
    if (std::abs(cycles_of_alike) < 0.5) return "";
    std::string text;
    for (const auto& line :
         wrapped(fmt::format("Of the difference, {} cycles are in calls that are alike: their code or "
                             "data was found elsewhere.",
                             signed_number(cycles_of_alike)),
                 layout.width))
        text += line + '\n';
    return text;
}

}  // namespace

std::string difference_text(const walk_difference& difference, const text_layout& layout) {
    const auto calls = align(difference.one, difference.other);
    auto text = layout.style.bold(fmt::format("packet {} in two walks", difference.one.packet)) + '\n';
    text += coloured("- " + difference.one_name, '-', layout.style) + '\n';
    text += coloured("+ " + difference.other_name, '+', layout.style) + "\n\n";
    text += fates(difference, layout) + '\n' + calls_text(calls, layout) + '\n' + stages_text(difference, layout) +
            alike_text(calls, layout);
    const auto words = glossary_of(text, layout.width);
    return words.empty() ? text : text + '\n' + layout.style.dim(words);
}

}  // namespace rxpath
