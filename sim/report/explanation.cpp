#include "sim/report/explanation.h"

#include <fmt/format.h>

#include "sim/report/glossary.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr std::size_t columns_width = 32;  // what stands before the calls
constexpr std::size_t wide = 110;          // lines from which on a call is two characters to the right of its caller

std::string columns(std::string_view own, std::string_view all, std::string_view cycles, std::string_view share) {
    return fmt::format("{:>7} {:>7} {:>8} {:>5}  ", own, all, cycles, share);
}

std::string tenths(double number) { return fmt::format("{:.1f}", number == 0 ? 0.0 : number); }

// A text in the column of the calls, `indent` to the right of its begin; continued two more to the right.
std::vector<std::string> in_call_column(std::string_view text, std::size_t indent, const text_layout& layout) {
    return wrapped(text, layout.width - columns_width - indent, 2);
}

std::size_t indent_of(const walk_call& call, const text_layout& layout) {
    return layout.width >= wide ? 2 * call.depth : call.depth;
}

// The name as it is, what follows it dim.
std::string with_dim_steps(const std::string& line, bool first, const text_style& style) {
    const auto colon = first ? line.find(':') : 0;
    return colon == std::string::npos ? line : line.substr(0, colon) + style.dim(line.substr(colon));
}

std::string call_lines(const walk_call& call, const text_layout& layout) {
    const auto indent = indent_of(call, layout);
    const std::string space(indent, ' '), below(columns_width + indent, ' ');
    const bool others = call.packets == 0;
    auto text = others ? columns("", grouped_signed(call.with_callees), "", "")
                       : columns(grouped_signed(call.instructions), grouped_signed(call.with_callees),
                                 tenths(call.cycles), share_text(call.packets));
    bool first = true;
    for (const auto& line : in_call_column(call_text(call), indent, layout)) {
        text += (first ? space : below) + with_dim_steps(line, first, layout.style) + '\n';
        first = false;
    }
    for (const auto& reason : call.reasons)
        for (const auto& line : in_call_column("> " + reason, indent + 2, layout))
            text.append(below).append("  ").append(line) += '\n';
    return text;
}

std::string rule(std::string_view title, const text_layout& layout) {
    auto line = std::string(columns_width, ' ') + "-- " + std::string(title) + ' ';
    if (line.size() < layout.width) line.append(layout.width - line.size(), '-');
    return layout.style.dim(line) + '\n';
}

std::string part_lines(const walk_part& part, const text_layout& layout) {
    std::string text, stage;
    for (const auto& call : part.calls) {
        if (call.stage != stage) text += rule(part.is_task() ? "a task: application or timer" : call.stage, layout);
        stage = call.stage;
        text += call_lines(call, layout);
    }
    if (part.others_calls == 0) return text;
    const auto left_out = fmt::format("left out: {} calls of {} other packet{} of this softirq",
                                      grouped(part.others_calls), grouped(part.others), part.others == 1 ? "" : "s");
    for (const auto& line : in_call_column(left_out, 0, layout))
        text += std::string(columns_width, ' ') + layout.style.dim(line) + '\n';
    return text;
}

std::string_view described(std::string_view fixed) {
    if (fixed == "interrupt") return "interrupt, up to the softirq";
    if (fixed == "wakeup") return "wake-up of the application";
    if (fixed == "read") return "read(): entry and return";
    return "copy to the application";
}

std::string fixed_lines(const packet_walk& walk, const text_layout& layout) {
    auto text = rule("fixed amounts", layout);
    for (const auto& each : walk.fixed) {
        const auto shared = each.packets > 1 ? fmt::format(", of {} in all", grouped(each.cycles)) : "";
        text += columns("", "", grouped(each.share), share_text(each.packets)) +
                fmt::format("{}{}\n", described(each.what), shared);
    }
    double parts = 0;
    for (const auto& part : walk.parts) parts += static_cast<double>(part.cycles) - part.cycles_of_calls();
    return text + columns("", "", fmt::format("{:+.1f}", parts), "") + "whole cycles at each hand-over to a stage\n";
}

std::string sum_lines(const packet_walk& walk, const text_layout& layout) {
    const auto instructions = grouped(walk.instructions + walk.context_instructions);
    return rule("sum", layout) +
           layout.style.bold(columns(instructions, instructions, grouped(walk.cycles), "") +
                             fmt::format("packet {}, as above and in packets.csv", walk.packet)) +
           '\n';
}

}  // namespace

std::string share_text(std::uint64_t packets) { return packets > 1 ? fmt::format("1/{}", packets) : ""; }

std::string call_text(const walk_call& call) {
    if (call.packets == 0) return fmt::format("{}: packet {}'s, leads here", call.function, call.packet);
    auto text = call.function;
    for (const auto& step : call.steps) {
        text += fmt::format("{}{}", &step == &call.steps.front() ? ": " : ", ", step.name);
        if (step.times != 1) text += fmt::format(" x{}", step.times);
    }
    return text;
}

std::string explanation_header(const packet_walk& walk, const text_layout& layout) {
    auto title = fmt::format("packet {}: {}", walk.packet, walk.outcome);
    if (!walk.drop_reason.empty()) title += ", " + walk.drop_reason;
    auto text = layout.style.bold(title) + '\n';
    text += fmt::format("arrived on {} at {} ns\n", walk.arrived_on, short_number(walk.arrival_ns));
    if (walk.to_socket_ns) text += fmt::format("on its socket after {} ns", short_number(*walk.to_socket_ns));
    if (walk.to_application_ns) text += fmt::format(", read after {} ns", short_number(*walk.to_application_ns));
    if (walk.to_socket_ns) text += '\n';
    if (!walk.left_by.empty()) text += fmt::format("left by {}, next hop {}\n", walk.left_by, walk.next_hop);
    text += fmt::format("early demux: {}; dst from: {}\n", walk.early_demux, walk.dst_from);
    text += fmt::format("{} instructions: {} of the receive path, {} of its context\n",
                        grouped(walk.instructions + walk.context_instructions), grouped(walk.instructions),
                        grouped(walk.context_instructions));
    return text + fmt::format("{} cycles: {} ns of a core\n", grouped(walk.cycles), short_number(walk.ns));
}

std::string explanation_calls(const packet_walk& walk, const text_layout& layout) {
    auto text = layout.style.bold(columns("own", "in all", "cycles", "share") + "call: steps taken") + '\n';
    for (const auto& part : walk.parts) text += part_lines(part, layout);
    return text + fixed_lines(walk, layout) + sum_lines(walk, layout);
}

std::string explanation_text(const packet_walk& walk, const text_layout& layout) {
    const auto text = explanation_header(walk, layout) + '\n' + explanation_calls(walk, layout);
    const auto words = glossary_of(text, layout.width);
    return words.empty() ? text : text + '\n' + layout.style.dim(words);
}

}  // namespace rxpath
