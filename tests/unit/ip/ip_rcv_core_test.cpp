// ip_rcv_core(): what the kernel refuses of an IPv4 header, and why.
#include "models/ip/ip_rcv_core.h"

#include <functional>

#include "models/base/checksum.h"
#include "models/base/kernel_functions/ip.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using namespace path::ip_rcv_core;
using testing::ElementsAre;
using testing::IsEmpty;

// The header's checksum anew, over `size` bytes.
void sum_header(packet& frame, std::size_t size = ipv4_header_view::size) {
    frame.bytes[10] = frame.bytes[11] = 0;
    const auto sum = static_cast<std::uint16_t>(~csum_fold(internet_sum(frame.bytes.data(), size)));
    frame.bytes[10] = static_cast<std::uint8_t>(sum >> 8);
    frame.bytes[11] = static_cast<std::uint8_t>(sum);
}

class ip_rcv_core_check : public path_fixture {
protected:
    bool receive(const packet& frame) {
        fill(m_skb, frame);
        return ip_rcv_core(m_context, m_skb);
    }
};

TEST_F(ip_rcv_core_check, GoodPacketIsKeptAndItsTransportHeaderFound) {
    EXPECT_TRUE(receive(tcp_packet()));
    EXPECT_EQ(m_skb.transport_header, 20u);
    EXPECT_EQ(m_skb.ip_cb.iif, nic0().ifindex);
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_THAT(steps_of(fn::ip_rcv_core), IsEmpty());
}

struct bad_packet {
    const char* name;
    std::function<void(packet&)> spoil;
    drop_reason reason;
    step taken;
};

class ip_rcv_core_refusal : public ip_rcv_core_check, public testing::WithParamInterface<bad_packet> {};

TEST_P(ip_rcv_core_refusal, HasTheKernelsReason) {
    auto frame = tcp_packet();
    GetParam().spoil(frame);
    EXPECT_FALSE(receive(frame));
    EXPECT_THAT(drops(), ElementsAre(GetParam().reason));
    EXPECT_EQ(m_context.dropped.front().at, fn::ip_rcv_core);
    EXPECT_THAT(steps_of(fn::ip_rcv_core), ElementsAre(GetParam().taken));
}

// Checksums are right again after each change but the one that is about them.
const bad_packet bad_packets[] = {
    {"other_host", [](packet& p) { p.type = packet_type::otherhost; }, drop_reason::OTHERHOST, otherhost},
    {"short_header",
     [](packet& p) {
         p.bytes.resize(19);
         p.length = {19};
     },
     drop_reason::IP_INHDR, header_missing},
    {"ihl_4",
     [](packet& p) {
         p.bytes[0] = 0x44;
         sum_header(p, 16);
     },
     drop_reason::IP_INHDR, bad_ihl},
    {"version_6",
     [](packet& p) {
         p.bytes[0] = 0x65;
         sum_header(p);
     },
     drop_reason::IP_INHDR, bad_version},
    {"options_missing",
     [](packet& p) {
         p.bytes[0] = 0x4f;
         p.bytes.resize(59);
         p.length = {59};
     },
     drop_reason::IP_INHDR, header_missing},
    {"checksum", [](packet& p) { p.bytes[8] ^= 1; }, drop_reason::IP_CSUM, bad_checksum},
    {"tot_len_41_of_40",
     [](packet& p) {
         p.bytes[3] = 41;
         sum_header(p);
     },
     drop_reason::PKT_TOO_SMALL, tot_len_too_long},
    {"tot_len_19",
     [](packet& p) {
         p.bytes[3] = 19;
         sum_header(p);
     },
     drop_reason::IP_INHDR, tot_len_too_short},
};
INSTANTIATE_TEST_SUITE_P(every, ip_rcv_core_refusal, testing::ValuesIn(bad_packets),
                         [](const auto& test) { return test.param.name; });

// A frame of 60 bytes has 46 from the IP header on: the 6 beyond this packet's 40 are padding.
TEST_F(ip_rcv_core_check, PaddingIsCutOff) {
    auto frame = tcp_packet();
    frame.bytes.resize(46);
    frame.length = {46};
    EXPECT_TRUE(receive(frame));
    EXPECT_EQ(m_skb.len, 40u);
    EXPECT_THAT(steps_of(fn::ip_rcv_core), ElementsAre(trimmed));
}

TEST_F(ip_rcv_core_check, OptionsMoveTheTransportHeaderAndAreSummedWordByWord) {
    auto frame = tcp_packet();
    frame.bytes.insert(frame.bytes.begin() + 20, 8, 1);  // eight no-operations
    frame.length = {48};
    frame.bytes[0] = 0x47;
    frame.bytes[3] = 48;
    sum_header(frame, 28);
    EXPECT_TRUE(receive(frame));
    EXPECT_EQ(m_skb.transport_header, 28u);
    EXPECT_THAT(steps_of(fn::ip_rcv_core), ElementsAre(option_word, option_word));
}

}  // namespace
}  // namespace rxpath
