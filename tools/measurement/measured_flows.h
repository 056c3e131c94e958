// The established connections of a measurement: both ends. The peer's end is made of segments written to the TAP
// device, the server's is a socket that an application empties after each segment.
#pragma once

#include <cstdint>
#include <vector>

#include "models/wire/frame_builder.h"
#include "tools/measurement/tap_host.h"

namespace rxpath {

class measured_flows {
public:
    // Establishes all of them. Throws std::runtime_error when the kernel does not answer as expected.
    measured_flows(tap_host& host, const measured_configuration& configuration);

    // The next segment, round robin; ticks of its write(). What the application then reads, and what the kernel
    // answers, is not timed.
    std::uint64_t send_next();
    std::uint32_t count() const { return static_cast<std::uint32_t>(m_flows.size()); }

private:
    struct flow {
        std::uint32_t snd_nxt, rcv_nxt;  // of the peer
        descriptor accepted;
    };

    void prepare(const tcp_segment& segment);
    void connect(std::uint32_t number);
    void drain(const flow& drained);

    tap_host& m_host;
    descriptor m_listener;
    std::vector<flow> m_flows;
    packet m_packet;
    std::vector<std::uint8_t> m_frame;
    std::uint32_t m_payload;
    std::uint32_t m_next = 0;
};

}  // namespace rxpath
