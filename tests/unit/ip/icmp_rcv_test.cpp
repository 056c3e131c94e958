// icmp_rcv() and deliver_other_protocol(): which messages are answered, which are dropped and why (RFC 1122 §3.2.2).
#include "models/ip/icmp_rcv.h"

#include "models/ip/ip_protocol_deliver.h"
#include "transport_packet.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class icmp_message_received : public transport_packet_fixture {
protected:
    void receive(const packet& frame) { icmp_rcv(m_context, m_net, deliver(frame)); }
    void receive(std::uint8_t type, std::uint8_t code = 0, std::uint32_t info = 0, const byte_list& rest = {},
                 std::string_view to = "10.0.0.1") {
        receive(ip_packet(to, ipproto_icmp, icmp_message(type, code, info, rest)));
    }
    void deliver_to_protocol(const packet& frame) {
        auto& skb = deliver(frame);
        kernel_call here{m_trace, fn::ip_protocol_deliver_rcu};
        deliver_other_protocol(m_context, m_net, skb);
    }
    void deliver_other_protocol_of(std::uint8_t protocol) {
        deliver_to_protocol(ip_packet("10.0.0.1", protocol, byte_list(20)));
    }
    // What this host sent to 10.0.0.2, as an error quotes it: 20 bytes of IP and the first 8 of the rest.
    byte_list quoted(std::uint8_t protocol, port_number from, port_number to, std::uint32_t seq = 0) const {
        byte_list transport(8);
        put16(transport, 0, from.value);
        put16(transport, 2, to.value);
        put32(transport, 4, seq);
        return ip_packet("10.0.0.2", protocol, transport, {}, "10.0.0.1").bytes;
    }
};

TEST_F(icmp_message_received, EchoIsAnswered) {
    receive(icmp_echo, 0, 1, byte_list(56));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_echo_reply));
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(icmp_message_received, EchoIsIgnoredWhenAskedTo) {
    run("sysctl net.ipv4.icmp_echo_ignore_all=1");
    receive(icmp_echo);
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(icmp_message_received, EchoToABroadcastIsIgnoredUnlessAllowed) {
    receive(icmp_echo, 0, 0, {}, "10.0.0.255");
    EXPECT_THAT(drops(), ElementsAre(drop_reason::INVALID_PROTO));
    run("sysctl net.ipv4.icmp_echo_ignore_broadcasts=0");
    receive(icmp_echo, 0, 0, {}, "10.0.0.255");
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_echo_reply));
}

TEST_F(icmp_message_received, ErrorToABroadcastIsInvalid) {
    receive(icmp_dest_unreach, 3, 0, quoted(ipproto_udp, {5000}, {6000}), "10.0.0.255");
    EXPECT_THAT(drops(), ElementsAre(drop_reason::INVALID_PROTO));
}

TEST_F(icmp_message_received, TimestampNeedsItsFirstFourBytes) {
    receive(icmp_timestamp, 0, 0, byte_list(12));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_echo_reply));
    receive(icmp_timestamp, 0, 0, byte_list(3));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::PKT_TOO_SMALL));
}

TEST_F(icmp_message_received, UnknownTypeIsDropped) {
    receive(19);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::UNHANDLED_PROTO));
}

TEST_F(icmp_message_received, ReplyNobodyWaitsForIsDropped) {
    receive(icmp_echoreply);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

TEST_F(icmp_message_received, WrongChecksumIsDropped) {
    auto frame = ip_packet("10.0.0.1", ipproto_icmp, icmp_message(icmp_echo, 0, 1));
    frame.bytes[22] ^= 1;
    frame.csum_verified_by_nic = false;
    receive(frame);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::ICMP_CSUM));
}

TEST_F(icmp_message_received, ErrorWithABrokenQuoteIsDropped) {
    auto quote = quoted(ipproto_udp, {5000}, {6000});
    quote[0] = 0x44;
    receive(icmp_dest_unreach, 3, 0, quote);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_INHDR));
}

TEST_F(icmp_message_received, ErrorOfAUdpPacketLooksForItsSocket) {
    receive(icmp_dest_unreach, 3, 0, quoted(ipproto_udp, {5000}, {6000}));
    EXPECT_EQ(calls_of(fn::__udp4_lib_lookup), 1u);
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(icmp_message_received, ErrorOfATcpSegmentLooksForItsConnection) {
    receive(icmp_time_exceeded, 0, 0, quoted(ipproto_tcp, {80}, {40000}));
    EXPECT_EQ(calls_of(fn::__inet_lookup_established), 1u);
}

TEST_F(icmp_message_received, ReassemblyTimeoutConcernsNoSocket) {
    receive(icmp_time_exceeded, icmp_exc_fragtime, 0, quoted(ipproto_tcp, {80}, {40000}));
    EXPECT_EQ(calls_of(fn::icmp_socket_deliver), 0u);
}

TEST_F(icmp_message_received, PathMtuIsLearntOnlyFromWhatIsInFlight) {
    auto& sk = m_net.sockets.establish(m_server, m_client, {1}, {1000}, 64000);
    sk.snd_una = {900};
    receive(icmp_dest_unreach, icmp_frag_needed, 1400, quoted(ipproto_tcp, m_server.port, m_client.port, 1001));
    EXPECT_EQ(calls_of(fn::__ip_rt_update_pmtu), 0u);
    receive(icmp_dest_unreach, icmp_frag_needed, 1400, quoted(ipproto_tcp, m_server.port, m_client.port, 950));
    EXPECT_EQ(calls_of(fn::__ip_rt_update_pmtu), 1u);
}

TEST_F(icmp_message_received, ProtocolWithoutHandlerIsUnreachable) {
    deliver_other_protocol_of(200);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_NOPROTO));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

TEST_F(icmp_message_received, IgmpIsUnderstoodOrDroppedButNeverAnswered) {
    deliver_other_protocol_of(2);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_THAT(sends(), IsEmpty());
}

// A burst of six to one host, whatever the messages are about.
TEST_F(icmp_message_received, ErrorsToOneHostAreLimited) {
    std::size_t sent = 0;
    for (int i = 0; i < 10; ++i) {
        deliver_other_protocol_of(200);
        sent += m_context.sent.size();
    }
    EXPECT_EQ(sent, 6u);
}

TEST_F(icmp_message_received, ErrorToAnAddressOfThisHostComesBack) {
    run("sysctl net.ipv4.conf.all.accept_local=1");
    auto frame = ip_packet("10.0.0.1", 200, byte_list(8), {}, "10.1.0.1");
    deliver_to_protocol(frame);
    ASSERT_EQ(m_context.looped.size(), 1u);
    EXPECT_EQ(m_context.looped[0].dev->name, "lo");
    EXPECT_EQ(m_context.looped[0].frame.type, packet_type::host);
    EXPECT_EQ(m_context.looped[0].frame.bytes[20], icmp_dest_unreach);
}

TEST_F(icmp_message_received, AnswerToABroadcastComesBackWhereItLeaves) {
    receive(ip_packet("10.0.0.1", ipproto_icmp, icmp_message(icmp_echo, 0, 1), {}, "10.0.0.255"));
    ASSERT_EQ(m_context.looped.size(), 1u);
    EXPECT_EQ(m_context.looped[0].dev->name, "nic0");
    EXPECT_EQ(m_context.looped[0].frame.type, packet_type::loopback);
}

}  // namespace
}  // namespace rxpath
