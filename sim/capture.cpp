#include "sim/capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "models/base/headers.h"
#include "sim/error.h"

namespace rxpath {

namespace {

constexpr std::uint32_t ethernet_header = 14;
constexpr std::uint16_t ethertype_ipv4 = 0x0800;

using pcap_handle = std::unique_ptr<pcap_t, decltype(&pcap_close)>;

pcap_handle open_capture(const std::string& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) throw input_error(file + ": no such file");
    if (std::filesystem::is_empty(file, ignored)) throw input_error(file + ": the file is empty, allowed: a capture");
    char reason[PCAP_ERRBUF_SIZE] = "";
    pcap_handle handle(pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO, reason),
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

// The frame as a packet, without time; nothing when it is no IPv4.
std::optional<capture_frame> to_frame(const pcap_pkthdr& header, const std::uint8_t* bytes, ipv4_address local) {
    if (header.caplen < ethernet_header || load_be16(bytes + 12) != ethertype_ipv4) return {};
    const auto ip = ipv4_header_view::at({bytes, header.caplen}, ethernet_header);
    if (!ip) return {};
    capture_frame read;
    read.sent = ip->saddr() == local;
    read.frame.bytes.assign(bytes + ethernet_header, bytes + header.caplen);
    read.frame.length = {header.len - ethernet_header};
    read.frame.type = type_of(bytes);
    return read;
}

// Since 1970. tv_usec counts nanoseconds: the file was opened so.
std::uint64_t nanoseconds_of(const pcap_pkthdr& header) {
    return static_cast<std::uint64_t>(header.ts.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(header.ts.tv_usec);
}

}  // namespace

capture read_capture(const std::string& file, ipv4_address local) {
    const auto handle = open_capture(file);
    capture read;
    std::uint64_t first_ns = 0;
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* bytes = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(handle.get(), &header, &bytes)) == 1) {
        auto frame = to_frame(*header, bytes, local);
        if (!frame) {
            ++read.skipped;
            continue;
        }
        const auto ns = nanoseconds_of(*header);
        if (read.frames.empty()) first_ns = ns;
        frame->time = nanoseconds(ns > first_ns ? ns - first_ns : 0);
        read.frames.push_back(std::move(*frame));
    }
    if (status == PCAP_ERROR) throw input_error(fmt::format("{}: cut off: {}", file, pcap_geterr(handle.get())));
    if (read.frames.empty()) throw input_error(file + ": no IPv4 frame in it");
    return read;
}

}  // namespace rxpath
