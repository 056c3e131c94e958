// Traffic: something that puts packets on the wire at times of its own, and hears what the host sends.
// Plain C++ without a clock: `now` is an argument.
#pragma once

#include <optional>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// Where traffic puts its packets.
class packet_sink {
public:
    virtual ~packet_sink() = default;
    virtual void emit(const packet& frame, std::size_t device) = 0;
};

struct unfinished_traffic {
    std::uint64_t packets = 0;      // not sent
    std::uint64_t connections = 0;  // not closed, though they should be
};

class traffic {
public:
    virtual ~traffic() = default;
    // When it wants its turn; nothing when it is over, or waits until it hears something.
    virtual std::optional<picoseconds> next_turn() const = 0;
    virtual void take_turn(picoseconds now, packet_sink& sink) = 0;
    // The host has sent something; it has arrived at this end.
    virtual void hear(const sent_packet& sent, picoseconds now, packet_sink& sink) = 0;
    // It may go on when it hears something, though it wants no turn.
    virtual bool waits() const { return false; }
    // What it has not done, when it is asked at the end; nothing: it has done all, or has no end of its own.
    virtual std::optional<unfinished_traffic> unfinished() const { return std::nullopt; }
};

}  // namespace rxpath
