// Reads a capture file (pcap or pcapng, through libpcap) as seen by one host: what it received and what it sent.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/host_spec.h"

namespace rxpath {

// IPv4 frames over Ethernet. Times count from the first of them. A frame that the capture snapped keeps its length; one
// whose original length cannot be (0, or more than a datagram has) has that of its IP header.
//
// A simulation's clock holds 213 days. What lies between two frames counts as 25 days if it is longer: the longest that
// TCP remembers a peer is 24 days (TCP_PAWS_24DAYS), so that nothing tells the difference.
struct capture {
    std::vector<capture_frame> frames;
    std::uint64_t skipped = 0;         // other frames: ARP, IPv6
    std::uint64_t shortened_gaps = 0;  // longer than longest_gap
    std::uint64_t seconds_left_out = 0;
};

constexpr std::int64_t seconds_per_day = 24 * 60 * 60;
constexpr std::int64_t longest_gap = 25 * seconds_per_day, longest_capture = 200 * seconds_per_day;

// `local` is the recorded host: frames from it were sent, all others received. Throws input_error, naming the file,
// when it is missing, empty, too large, cut off, no capture, not of Ethernet, longer than longest_capture (gaps
// shortened), or without any IPv4 frame.
capture read_capture(const std::string& file, ipv4_address local);

}  // namespace rxpath
