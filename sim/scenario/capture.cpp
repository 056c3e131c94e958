#include "sim/scenario/capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "models/base/headers.h"
#include "sim/support/error.h"
#include "sim/support/input_file.h"

namespace rxpath {

namespace {

constexpr std::uint32_t ethernet_header = 14;
constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint32_t most_datagram_bytes = 65535;
constexpr std::int64_t ns_per_second = 1'000'000'000;

using pcap_handle = std::unique_ptr<pcap_t, decltype(&pcap_close)>;

pcap_handle open_capture(const std::string& file) {
    check_input_file(file, most_bytes_of::capture);
    std::error_code ignored;
    if (std::filesystem::is_empty(file, ignored)) throw input_error(file + ": the file is empty, allowed: a capture");
    const auto whole_path = std::filesystem::absolute(file);  // libpcap takes "-" for standard input
    char reason[PCAP_ERRBUF_SIZE] = "";
    pcap_handle handle(pcap_open_offline_with_tstamp_precision(whole_path.c_str(), PCAP_TSTAMP_PRECISION_NANO, reason),
                       &pcap_close);
    if (!handle) throw input_error(fmt::format("{}: no capture that can be read: {}", file, reason));
    if (const int link = pcap_datalink(handle.get()); link != DLT_EN10MB) {
        const char* name = pcap_datalink_val_to_name(link);
        throw input_error(fmt::format("{}: found link type {}, allowed: EN10MB (Ethernet)", file, name ? name : "?"));
    }
    return handle;
}

packet_type type_of(const std::uint8_t* destination_mac) {
    if ((destination_mac[0] & 1) == 0) return packet_type::host;
    for (int i = 0; i < 6; ++i) {
        if (destination_mac[i] != 0xff) return packet_type::multicast;
    }
    return packet_type::broadcast;
}

// Of the datagram in bytes, as it was on the wire.
std::uint64_t length_of(const pcap_pkthdr& header, const ipv4_header_view& ip) {
    if (header.len >= header.caplen && header.len <= ethernet_header + most_datagram_bytes)
        return header.len - ethernet_header;
    return ip.tot_len() >= ipv4_header_view::size ? ip.tot_len() : header.caplen - ethernet_header;
}

// The frame as a packet, without time; nothing when it is no IPv4.
std::optional<capture_frame> to_frame(const pcap_pkthdr& header, const std::uint8_t* bytes, ipv4_address local) {
    if (header.caplen < ethernet_header || load_be16(bytes + 12) != ethertype_ipv4) return {};
    const auto ip = ipv4_header_view::at({bytes, header.caplen}, ethernet_header);
    if (!ip) return {};
    capture_frame read;
    read.sent = ip->saddr() == local;
    read.frame.length = {length_of(header, *ip)};
    const auto kept = std::min<std::uint64_t>(header.caplen - ethernet_header, read.frame.length.value);
    read.frame.bytes.assign(bytes + ethernet_header, bytes + ethernet_header + kept);
    read.frame.type = type_of(bytes);
    return read;
}

// Seconds since 1970, of a file that may say anything.
std::int64_t seconds_of(const timeval& stamp) {
    constexpr std::int64_t far = 1'000'000'000'000;
    return std::clamp<std::int64_t>(stamp.tv_sec, -far, far);
}

// The time of a run, as the frames of a capture make it pass. tv_usec counts nanoseconds: the file was opened so.
class capture_clock {
public:
    explicit capture_clock(capture& read) : m_read(read) {}

    // Nanoseconds since the first frame; 0 of what is earlier than that.
    std::uint64_t at(const timeval& stamp) {
        if (std::exchange(m_begun, true)) m_now = std::max(m_now + since_last(stamp), -longest_capture * ns_per_second);
        m_last = stamp;
        return static_cast<std::uint64_t>(std::max<std::int64_t>(m_now, 0));
    }

private:
    std::int64_t since_last(const timeval& stamp) {
        const auto seconds = seconds_of(stamp) - seconds_of(m_last);
        const auto counted = std::clamp(seconds, -longest_gap, longest_gap);
        if (seconds > counted) {
            ++m_read.shortened_gaps;
            m_read.seconds_left_out += static_cast<std::uint64_t>(seconds - counted);
        }
        return counted * ns_per_second + stamp.tv_usec - m_last.tv_usec;
    }

    capture& m_read;
    bool m_begun = false;
    timeval m_last{};
    std::int64_t m_now = 0;
};

}  // namespace

capture read_capture(const std::string& file, ipv4_address local) {
    const auto handle = open_capture(file);
    capture read;
    capture_clock clock(read);
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* bytes = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(handle.get(), &header, &bytes)) == 1) {
        auto frame = to_frame(*header, bytes, local);
        if (!frame) {
            ++read.skipped;
            continue;
        }
        const auto since_first = clock.at(header->ts);
        if (since_first > static_cast<std::uint64_t>(longest_capture * ns_per_second))
            throw input_error(fmt::format("{}: found frames over more than {} days, allowed: at most that", file,
                                          longest_capture / seconds_per_day));
        frame->time = nanoseconds(since_first);
        read.frames.push_back(std::move(*frame));
    }
    if (status == PCAP_ERROR) throw input_error(fmt::format("{}: cut off: {}", file, pcap_geterr(handle.get())));
    if (read.frames.empty()) throw input_error(file + ": no IPv4 frame in it");
    return read;
}

}  // namespace rxpath
