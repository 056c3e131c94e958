// Reads a capture file (pcap or pcapng, through libpcap) as seen by one host: what it received and what it sent.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/host_spec.h"

namespace rxpath {

// IPv4 frames over Ethernet. Times count from the first of them. A frame that the capture snapped keeps its length.
struct capture {
    std::vector<capture_frame> frames;
    std::uint64_t skipped = 0;  // other frames: ARP, IPv6
};

// `local` is the recorded host: frames from it were sent, all others received. Throws input_error, naming the file,
// when it is missing, empty, cut off, no capture, not of Ethernet, or without any IPv4 frame.
capture read_capture(const std::string& file, ipv4_address local);

}  // namespace rxpath
