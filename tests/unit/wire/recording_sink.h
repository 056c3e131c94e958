// A wire that keeps what was sent.
#pragma once

#include <vector>

#include "models/wire/traffic.h"

namespace rxpath {

struct recording_sink : packet_sink {
    struct sent_frame {
        packet frame;
        std::size_t device;
        tcp_header_view tcp() const { return *tcp_header_view::at({frame.bytes.data(), frame.bytes.size()}, 20); }
        std::uint64_t payload() const { return frame.length.value - 20 - tcp().doff() * 4u; }
    };
    void emit(const packet& frame, std::size_t device) override { frames.push_back({frame, device}); }

    std::vector<sent_frame> frames;
};

}  // namespace rxpath
