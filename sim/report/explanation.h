// A packet's walk as text: what became of it, its calls as a tree with costs, steps and reasons, and the sums.
#pragma once

#include <string>

#include "sim/report/packet_walk.h"
#include "sim/support/table.h"

namespace rxpath {

struct text_layout {
    text_style style;
    std::size_t width = 100;  // characters in a line
};

// "1/8" for a share of what eight packets had in common, nothing for a packet's own.
std::string share_text(std::uint64_t packets);
// "tcp_v4_rcv: accepted, processed": a call with the steps that it took.
std::string call_text(const walk_call& call);

// What was decided for the packet, when, and what it cost.
std::string explanation_header(const packet_walk& walk, const text_layout& layout);
// Its calls and its fixed amounts, line by line, and their sum, which is the header's.
std::string explanation_calls(const packet_walk& walk, const text_layout& layout);
// Both, with the words in them that need explaining.
std::string explanation_text(const packet_walk& walk, const text_layout& layout);

}  // namespace rxpath
