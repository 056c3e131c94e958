// icmp_rcv() and deliver_other_protocol(): which messages are answered, which are dropped and why (RFC 1122 §3.2.2).
#include "models/ip/icmp_rcv.h"

#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/kernel_functions/socket.h"
#include "models/ip/ip_protocol_deliver.h"
#include "models/routing/ip_route_output.h"
#include "models/routing/rt_cache.h"
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

TEST_F(icmp_message_received, TimestampOfExactlyFourBytesIsAnswered) {
    receive(icmp_timestamp, 0, 0, byte_list(4));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_echo_reply));
}

TEST_F(icmp_message_received, TypesUpToEighteenAreKnown) {
    receive(18);
    EXPECT_THAT(drops(), IsEmpty());
}

// net.ipv4.icmp_echo_enable_probe is off: RFC 8335's request is passed over, its reply is for a ping socket.
TEST_F(icmp_message_received, ExtendedEchoIsPassedOverAndItsReplyDropped) {
    receive(42);
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_THAT(sends(), IsEmpty());
    receive(43);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

TEST_F(icmp_message_received, OnlyQuestionsAndAddressMasksMayComeToSeveralHosts) {
    run("sysctl net.ipv4.icmp_echo_ignore_broadcasts=0");
    for (const auto* several : {"10.0.0.255", "224.0.0.1"}) {
        for (const auto type : byte_list{8, 13, 17, 18}) {
            receive(type, 0, 0, byte_list(12), several);
            EXPECT_THAT(drops(), IsEmpty()) << +type << " to " << several;
        }
        for (const auto type : byte_list{0, 3, 5, 11, 14, 15, 16}) {
            receive(type, 0, 0, quoted(ipproto_udp, {5000}, {6000}), several);
            EXPECT_THAT(drops(), ElementsAre(drop_reason::INVALID_PROTO)) << +type << " to " << several;
        }
    }
    run("sysctl net.ipv4.icmp_echo_ignore_broadcasts=1");
    for (const auto type : byte_list{8, 13}) {
        receive(type, 0, 0, byte_list(12), "224.0.0.1");
        EXPECT_THAT(drops(), ElementsAre(drop_reason::INVALID_PROTO)) << +type;
    }
}

// fib_compute_spec_dst()
TEST_F(icmp_message_received, ReplyComesFromTheAddressAskedOrFromTheHostsOwn) {
    receive(icmp_echo, 0, 1, {}, "10.1.0.1");
    EXPECT_EQ(m_context.sent.at(0).from.address.to_string(), "10.1.0.1");
    run("sysctl net.ipv4.icmp_echo_ignore_broadcasts=0");
    receive(icmp_echo, 0, 1, {}, "10.0.0.255");
    EXPECT_EQ(m_context.sent.at(0).from.address.to_string(), "10.0.0.1");
}

TEST_F(icmp_message_received, ShortHeadersAndQuotesHaveTheirReasons) {
    receive(ip_packet("10.0.0.1", ipproto_icmp, byte_list(7)));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    receive(icmp_dest_unreach, 3, 0, byte_list(19));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    receive(icmp_redirect_type, 1, 0, byte_list(19));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::PKT_TOO_SMALL));
    auto header_alone = quoted(ipproto_udp, {5000}, {6000});
    header_alone.resize(20);
    receive(icmp_redirect_type, 1, 0, header_alone);
    EXPECT_THAT(drops(), IsEmpty());
}

// icmp_socket_deliver(): the whole header and eight bytes of what it carried.
TEST_F(icmp_message_received, QuoteNeedsEightBytesOfTransport) {
    auto quote = quoted(ipproto_udp, {5000}, {6000});
    receive(icmp_dest_unreach, 3, 0, quote);
    EXPECT_EQ(calls_of(fn::__udp4_lib_lookup), 1u);
    quote.pop_back();
    receive(icmp_dest_unreach, 3, 0, quote);
    EXPECT_EQ(calls_of(fn::__udp4_lib_lookup), 0u);
}

// icmp_unreach(): codes beyond NR_ICMP_UNREACH (15) are not passed on, of "destination unreachable" alone.
TEST_F(icmp_message_received, CodesBeyondTheKnownConcernNoSocket) {
    const auto passed_on = [&](std::uint8_t type, std::uint8_t code) {
        receive(type, code, 1400, quoted(ipproto_udp, {5000}, {6000}));
        return calls_of(fn::icmp_socket_deliver) == 1;
    };
    EXPECT_TRUE(passed_on(icmp_dest_unreach, 15));
    EXPECT_FALSE(passed_on(icmp_dest_unreach, 16));
    EXPECT_TRUE(passed_on(icmp_dest_unreach, icmp_frag_needed));
    EXPECT_FALSE(passed_on(icmp_dest_unreach, 16 | icmp_frag_needed));
    EXPECT_TRUE(passed_on(icmp_time_exceeded, 16));
    EXPECT_TRUE(passed_on(icmp_source_quench, 0));
}

// net.ipv4.ip_no_pmtu_disc: 2 believes no "fragmentation needed", 3 only one about TCP, which the peer cannot guess.
TEST_F(icmp_message_received, FragmentationNeededIsBelievedAsNoPmtuDiscSays) {
    const auto passed_on = [&](int no_pmtu_disc, std::uint8_t protocol) {
        run("sysctl net.ipv4.ip_no_pmtu_disc=" + std::to_string(no_pmtu_disc));
        receive(icmp_dest_unreach, icmp_frag_needed, 1400, quoted(protocol, {5000}, {6000}));
        return calls_of(fn::icmp_socket_deliver) == 1;
    };
    for (const int believing : {0, 1}) {
        EXPECT_TRUE(passed_on(believing, ipproto_tcp)) << believing;
        EXPECT_TRUE(passed_on(believing, ipproto_udp)) << believing;
    }
    EXPECT_FALSE(passed_on(2, ipproto_tcp));
    EXPECT_FALSE(passed_on(2, ipproto_udp));
    EXPECT_TRUE(passed_on(3, ipproto_tcp));
    EXPECT_FALSE(passed_on(3, ipproto_udp));
}

// RFC 1122 §3.2.2.1: some routers answer broadcasts.
TEST_F(icmp_message_received, ErrorAboutABroadcastIsBogusWhereThatIsLookedAt) {
    const auto passed_on = [&](int ignored, std::string_view quoted_from, std::string_view quoted_to) {
        run("sysctl net.ipv4.icmp_ignore_bogus_error_responses=" + std::to_string(ignored));
        receive(icmp_dest_unreach, 3, 0, ip_packet(quoted_to, ipproto_udp, byte_list(8), {}, quoted_from).bytes);
        return calls_of(fn::icmp_socket_deliver) == 1;
    };
    EXPECT_FALSE(passed_on(0, "10.0.0.1", "10.0.0.255"));
    EXPECT_TRUE(passed_on(1, "10.0.0.1", "10.0.0.255"));
    EXPECT_TRUE(passed_on(0, "10.0.0.1", "10.0.0.2"));
    EXPECT_TRUE(passed_on(0, "10.0.0.255", "10.0.0.2"));
}

class icmp_error_of_a_connection : public icmp_message_received {
protected:
    icmp_error_of_a_connection() { m_sk.snd_una = {900}; }
    // Whether the error teaches the route to the peer something.
    bool taught(std::uint8_t type, std::uint8_t code, std::uint32_t seq = 950) {
        receive(type, code, 1400, quoted(ipproto_tcp, m_server.port, m_client.port, seq));
        return calls_of(fn::__ip_rt_update_pmtu) + calls_of(fn::__ip_do_redirect) > 0;
    }
    tcp_sock& m_sk = m_net.sockets.establish(m_server, m_client, {1}, {1000}, 64000);
};

// SND.UNA <= SEQ <= SND.NXT, both ends included.
TEST_F(icmp_error_of_a_connection, IsBelievedFromTheFirstUnacknowledgedByteToTheNextToBeSent) {
    EXPECT_FALSE(taught(icmp_dest_unreach, icmp_frag_needed, 899));
    EXPECT_TRUE(taught(icmp_dest_unreach, icmp_frag_needed, 900));
    EXPECT_TRUE(taught(icmp_dest_unreach, icmp_frag_needed, 1000));
    EXPECT_FALSE(taught(icmp_dest_unreach, icmp_frag_needed, 1001));
}

TEST_F(icmp_error_of_a_connection, TeachesTheRouteOnlyWhenItIsAboutThePath) {
    EXPECT_TRUE(taught(icmp_dest_unreach, icmp_frag_needed));
    EXPECT_TRUE(taught(icmp_redirect_type, icmp_redir_host));
    for (const auto code : byte_list{0, 1, 2, 3, 5, 13}) EXPECT_FALSE(taught(icmp_dest_unreach, code)) << +code;
    for (const auto code : byte_list{0, 4}) {
        EXPECT_FALSE(taught(icmp_time_exceeded, code)) << +code;
        EXPECT_FALSE(taught(icmp_parameterprob, code)) << +code;
    }
}

TEST_F(icmp_error_of_a_connection, TeachesNothingWhileATaskOwnsTheSocket) {
    m_sk.sk_owned = true;
    EXPECT_FALSE(taught(icmp_dest_unreach, icmp_frag_needed));
}

TEST_F(icmp_error_of_a_connection, GivesTheSocketBack) {
    const auto references = m_sk.skc_refcnt;
    taught(icmp_dest_unreach, icmp_frag_needed);
    taught(icmp_dest_unreach, icmp_port_unreach);
    EXPECT_EQ(m_sk.skc_refcnt, references);
}

TEST_F(icmp_error_of_a_connection, FindsTheOneOfItsDevice) {
    m_net.sockets.bind_to_device(m_sk, nic0().ifindex);
    EXPECT_TRUE(taught(icmp_dest_unreach, icmp_frag_needed));
    m_net.sockets.bind_to_device(m_sk, nic1().ifindex);
    EXPECT_FALSE(taught(icmp_dest_unreach, icmp_frag_needed));
}

// An MTU of the route to the peer: the lower half of the message's second word, and none where it is not believed.
TEST_F(icmp_error_of_a_connection, MtuIsTheLowerHalfOfItsWord) {
    const auto mtu_after = [&](std::uint32_t word) {
        receive(icmp_dest_unreach, icmp_frag_needed, word, quoted(ipproto_tcp, m_server.port, m_client.port, 950));
        flowi4 flow;
        flow.daddr = m_client.address;
        auto* route = ip_route_output_key(m_context, m_net.routing, flow);
        const auto mtu = ipv4_mtu(route->dst, jiffies(m_context.now));
        dst_release_immediate(&route->dst);
        return mtu;
    };
    EXPECT_EQ(mtu_after(0x12340578), 1400u);
    run("sysctl net.ipv4.ip_no_pmtu_disc=1");
    EXPECT_EQ(mtu_after(1300), 552u) << "the least there is, as of a router that names none";
}

// Of this host's own ICMP messages, echo replies have a path to learn of.
TEST_F(icmp_message_received, ErrorOfAnEchoReplyTeachesTheRoute) {
    const auto taught = [&](std::uint8_t quoted_type, std::uint8_t type, std::uint8_t code) {
        auto quote = ip_packet("10.0.0.2", ipproto_icmp, icmp_message(quoted_type, 0, 0), {}, "10.0.0.1").bytes;
        receive(type, code, 1400, quote);
        return calls_of(fn::__ip_rt_update_pmtu) + calls_of(fn::__ip_do_redirect) > 0;
    };
    EXPECT_TRUE(taught(icmp_echoreply, icmp_dest_unreach, icmp_frag_needed));
    EXPECT_TRUE(taught(icmp_echoreply, icmp_redirect_type, icmp_redir_host));
    EXPECT_FALSE(taught(icmp_echoreply, icmp_dest_unreach, icmp_host_unreach));
    EXPECT_FALSE(taught(icmp_echo, icmp_dest_unreach, icmp_frag_needed));
    EXPECT_FALSE(taught(icmp_echo, icmp_redirect_type, icmp_redir_host));
}

TEST_F(icmp_message_received, ErrorOfAUdpPacketTeachesTheRouteWhenItIsAboutThePath) {
    const auto taught = [&](std::uint8_t type, std::uint8_t code) {
        receive(type, code, 1400, quoted(ipproto_udp, {5000}, {6000}));
        return calls_of(fn::__ip_rt_update_pmtu) + calls_of(fn::__ip_do_redirect) > 0;
    };
    EXPECT_TRUE(taught(icmp_dest_unreach, icmp_frag_needed));
    EXPECT_TRUE(taught(icmp_redirect_type, icmp_redir_host));
    EXPECT_FALSE(taught(icmp_dest_unreach, icmp_port_unreach));
    EXPECT_FALSE(taught(icmp_time_exceeded, icmp_exc_ttl));
}

}  // namespace
}  // namespace rxpath
