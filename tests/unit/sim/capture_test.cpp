#include "sim/scenario/capture.h"

#include <gmock/gmock.h>

#include <cstring>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

constexpr std::uint32_t ethernet = 1, raw_ip = 101;  // link types of the pcap format

template <class Integer>
void append(std::string& bytes, Integer value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
}

std::string file_header(std::uint32_t link_type) {
    std::string bytes;
    append(bytes, std::uint32_t{0xa1b2c3d4});  // times in microseconds
    append(bytes, std::uint16_t{2});
    append(bytes, std::uint16_t{4});
    for (const std::uint32_t word : {0u, 0u, 65535u, link_type}) append(bytes, word);
    return bytes;
}

std::string record_at(std::uint32_t second, std::uint32_t microseconds, const std::string& frame,
                      std::uint32_t length) {
    std::string bytes;
    for (const auto word : {second, microseconds, static_cast<std::uint32_t>(frame.size()), length})
        append(bytes, word);
    return bytes + frame;
}

std::string record(std::uint32_t microseconds, const std::string& frame, std::uint32_t length) {
    return record_at(1000, microseconds, frame, length);
}

// An Ethernet frame with an IPv4 header and nothing else that matters.
std::string frame(std::string_view destination_mac, std::uint8_t last_of_source, std::uint16_t ethertype = 0x0800) {
    std::string bytes(destination_mac);
    bytes += std::string("\x02\0\0\0\0\x01", 6);
    bytes += static_cast<char>(ethertype >> 8);
    bytes += static_cast<char>(ethertype & 0xff);
    std::string ip(20, '\0');
    ip[0] = 0x45;
    ip[12] = ip[16] = 10;
    ip[15] = static_cast<char>(last_of_source);
    ip[19] = static_cast<char>(3 - last_of_source);
    return bytes + ip;
}

const std::string to_host("\x02\0\0\0\0\x02", 6), to_all(6, '\xff'), to_group("\x01\0\x5e\0\0\x01", 6);
const ipv4_address local = *parse_ipv4_address("10.0.0.1");

class Capture : public scenario_folder {
protected:
    capture read(const std::string& bytes) const { return read_capture(write(bytes, "x.pcap"), local); }
    std::string error_of(const std::string& bytes) const {
        try {
            read(bytes);
        } catch (const input_error& error) {
            return without_folder(error.messages()).front();
        }
        return "";
    }
};

TEST_F(Capture, TimesCountFromTheFirstFrame) {
    const auto found =
        read(file_header(ethernet) + record(5, frame(to_host, 2), 34) + record(12, frame(to_host, 2), 34));
    ASSERT_EQ(found.frames.size(), 2u);
    EXPECT_EQ(found.frames[0].time, picoseconds{});
    EXPECT_EQ(found.frames[1].time, microseconds(7));
}

TEST_F(Capture, FrameFromTheLocalAddressWasSent) {
    const auto found =
        read(file_header(ethernet) + record(0, frame(to_host, 2), 34) + record(1, frame(to_host, 1), 34));
    EXPECT_FALSE(found.frames[0].sent);
    EXPECT_TRUE(found.frames[1].sent);
}

TEST_F(Capture, SnappedFrameKeepsItsLength) {
    const auto found = read(file_header(ethernet) + record(0, frame(to_host, 2), 1514));
    EXPECT_EQ(found.frames[0].frame.length.value, 1500u);  // without the Ethernet header
    EXPECT_EQ(found.frames[0].frame.bytes.size(), 20u);
}

// A capture taken before segmentation offload may say 0; one that is damaged, anything.
TEST_F(Capture, LengthThatCannotBeIsThatOfTheIpHeader) {
    auto with_length = frame(to_host, 2) + std::string(10, 'x');
    with_length[14 + 3] = 25;  // of the datagram: 5 bytes of the frame are padding
    for (const auto said : {0u, 33u, 0xffffffffu, 65550u}) {
        const auto found = read(file_header(ethernet) + record(0, with_length, said));
        EXPECT_EQ(found.frames[0].frame.length.value, 25u) << said;
        EXPECT_EQ(found.frames[0].frame.bytes.size(), 25u) << said;
    }
    EXPECT_EQ(read(file_header(ethernet) + record(0, with_length, 65549)).frames[0].frame.length.value, 65535u);
}

TEST_F(Capture, LengthThatNobodyKnowsIsThatOfTheBytes) {
    const auto found = read(file_header(ethernet) + record(0, frame(to_host, 2), 0));  // total length: 0
    EXPECT_EQ(found.frames[0].frame.length.value, 20u);
}

constexpr std::uint32_t day = 24 * 60 * 60;

TEST_F(Capture, GapOf25DaysIsKept) {
    const auto found = read(file_header(ethernet) + record_at(1000, 0, frame(to_host, 2), 34) +
                            record_at(1000 + 25 * day, 7, frame(to_host, 2), 34));
    EXPECT_EQ(found.frames[1].time, picoseconds{25ull * day * picoseconds_per_second} + microseconds(7));
    EXPECT_EQ(found.shortened_gaps, 0u);
}

// 2^64 ps are 213 days: without that the second frame of the ten years would come before the first.
TEST_F(Capture, LongerGapIsShortenedAndToldOf) {
    const auto found = read(file_header(ethernet) + record_at(1000, 5, frame(to_host, 2), 34) +
                            record_at(1000 + 3650 * day, 12, frame(to_host, 2), 34));
    EXPECT_EQ(found.frames[1].time, picoseconds{25ull * day * picoseconds_per_second} + microseconds(7));
    EXPECT_EQ(found.shortened_gaps, 1u);
    EXPECT_EQ(found.seconds_left_out, 3625ull * day);
}

TEST_F(Capture, FrameFromBeforeTheFirstIsNotLater) {
    const auto found =
        read(file_header(ethernet) + record_at(2'000'000'000, 0, frame(to_host, 2), 34) +
             record_at(1000, 0, frame(to_host, 2), 34) + record_at(2'000'000'000, 0, frame(to_host, 2), 34));
    EXPECT_EQ(found.frames[1].time, picoseconds{});
    EXPECT_EQ(found.frames[2].time, picoseconds{});
}

TEST_F(Capture, MoreThan200DaysAreRefused) {
    auto bytes = file_header(ethernet);
    for (std::uint32_t i = 0; i <= 8; ++i) bytes += record_at(i * 30 * day, 0, frame(to_host, 2), 34);
    EXPECT_EQ(read(bytes).frames.back().time, picoseconds{200ull * day * picoseconds_per_second});
    bytes += record_at(240 * day, 1, frame(to_host, 2), 34);
    EXPECT_EQ(error_of(bytes), "x.pcap: found frames over more than 200 days, allowed: at most that");
}

TEST_F(Capture, DestinationAddressSaysThePacketType) {
    const auto found = read(file_header(ethernet) + record(0, frame(to_host, 2), 34) + record(1, frame(to_all, 2), 34) +
                            record(2, frame(to_group, 2), 34));
    EXPECT_EQ(found.frames[0].frame.type, packet_type::host);
    EXPECT_EQ(found.frames[1].frame.type, packet_type::broadcast);
    EXPECT_EQ(found.frames[2].frame.type, packet_type::multicast);
}

TEST_F(Capture, OtherProtocolsAreSkippedAndCounted) {
    const auto found =
        read(file_header(ethernet) + record(0, frame(to_all, 2, 0x0806), 34) + record(1, frame(to_host, 2), 34));
    EXPECT_EQ(found.frames.size(), 1u);
    EXPECT_EQ(found.skipped, 1u);
}

TEST_F(Capture, MissingFile) { EXPECT_THROW(read_capture(path("none.pcap"), local), input_error); }

TEST_F(Capture, EmptyFile) { EXPECT_EQ(error_of(""), "x.pcap: the file is empty, allowed: a capture"); }

TEST_F(Capture, NoCapture) { EXPECT_THAT(error_of(std::string(64, 'x')), testing::StartsWith("x.pcap: no capture")); }

TEST_F(Capture, LinkTypeThatIsNoEthernet) {
    EXPECT_EQ(error_of(file_header(raw_ip) + record(0, frame(to_host, 2), 34)),
              "x.pcap: found link type RAW, allowed: EN10MB (Ethernet)");
}

TEST_F(Capture, CutOffInAFrame) {
    const auto whole = file_header(ethernet) + record(0, frame(to_host, 2), 34);
    EXPECT_THAT(error_of(whole.substr(0, whole.size() - 3)), testing::StartsWith("x.pcap: cut off"));
}

TEST_F(Capture, NoIpv4InIt) { EXPECT_EQ(error_of(file_header(ethernet)), "x.pcap: no IPv4 frame in it"); }

}  // namespace
}  // namespace rxpath
