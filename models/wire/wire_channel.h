// The wire into a NIC: frames one after the other at the link's rate, with Ethernet's overhead (IEEE 802.3: preamble 8,
// header 14, check sequence 4, gap 12 bytes; 64 bytes at least).
#pragma once

#include <systemc>
#include <vector>

#include "models/base/sk_buff.h"
#include "models/base/units.h"

namespace rxpath {

class wire_channel : public sc_core::sc_object {
public:
    wire_channel(const char* name, std::uint64_t bits_per_second);

    // The sender hands a frame to the link at `now`; it arrives when its last bit has passed, behind the frames before
    // it.
    void send(const packet& frame, picoseconds now);
    // The frame that arrives now; the receiver calls it once for each arrival.
    const packet& receive(picoseconds now);
    std::size_t under_way() const { return m_under_way; }
    const sc_core::sc_event& default_event() const { return m_arrival; }

private:
    struct frame_under_way {
        packet frame;
        picoseconds arrival;
    };

    void grow();

    std::uint64_t m_bits_per_second;
    picoseconds m_free_at{};                // the link has passed all earlier frames
    std::vector<frame_under_way> m_frames;  // circular
    std::size_t m_first = 0, m_under_way = 0;
    sc_core::sc_event m_arrival;
};

// How long a frame holds the link, `size` bytes from the IP header on.
picoseconds frame_time(byte_count size, std::uint64_t bits_per_second);

}  // namespace rxpath
