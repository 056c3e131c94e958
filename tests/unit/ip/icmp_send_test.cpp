// __icmp_send(): which packets are answered with an error, how often, from which address and with how much of the
// packet (net/ipv4/icmp.c; RFC 1122 §3.2.2, RFC 1812 §4.3.2).
#include "models/ip/icmp_send.h"

#include "transport_packet.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class icmp_error_sent : public transport_packet_fixture {
protected:
    static constexpr icmp_error port_unreach{icmp_dest_unreach, icmp_port_unreach, 0};

    bool answered(const packet& frame, const icmp_error& error = port_unreach) {
        icmp_send(m_context, m_net, route(frame), error);
        return !m_context.sent.empty();
    }
    packet some_packet(std::string_view from = "10.0.0.2", std::string_view to = "10.0.0.1") const {
        return ip_packet(to, 200, byte_list(8), {}, from);
    }
    // How many of `packets` to one host are answered at once.
    std::size_t answers(const icmp_error& error, int packets = 20) {
        std::size_t sent = 0;
        for (int i = 0; i < packets; ++i) sent += answered(some_packet(), error) ? 1u : 0u;
        return sent;
    }
};

// icmp_pointers[].error; types that are not known count as errors.
TEST_F(icmp_error_sent, NeverAnswersAnErrorAndEveryQuestion) {
    run("sysctl net.ipv4.icmp_ratemask=0");
    const auto answers_type = [&](std::uint8_t type) {
        return answered(ip_packet("10.0.0.1", ipproto_icmp, icmp_message(type, 0, 0, byte_list(28))));
    };
    for (const auto type : byte_list{0, 8, 13, 14, 15, 16, 17, 18}) EXPECT_TRUE(answers_type(type)) << +type;
    for (const auto type : byte_list{1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 19, 42, 255})
        EXPECT_FALSE(answers_type(type)) << +type;
}

TEST_F(icmp_error_sent, OneByteOfAnIcmpMessageTellsItsType) {
    EXPECT_TRUE(answered(ip_packet("10.0.0.1", ipproto_icmp, {icmp_echo})));
    EXPECT_FALSE(answered(ip_packet("10.0.0.1", ipproto_icmp, {})));
}

TEST_F(icmp_error_sent, NeverAnswersWhatSeveralHostsGot) {
    EXPECT_FALSE(answered(some_packet("10.0.0.2", "10.0.0.255")));
    EXPECT_FALSE(answered(some_packet("10.0.0.2", "224.0.0.1")));
    auto& skb = route(some_packet());
    skb.pkt_type = packet_type::broadcast;
    icmp_send(m_context, m_net, skb, port_unreach);
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(icmp_error_sent, AnswersTheFirstFragmentOnly) {
    route(some_packet()).head[6] = 0x20;  // more fragments
    icmp_send(m_context, m_net, m_skb, port_unreach);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
    route(some_packet()).head[7] = 1;  // offset 8
    icmp_send(m_context, m_net, m_skb, port_unreach);
    EXPECT_THAT(sends(), IsEmpty());
}

// net.ipv4.icmp_ratemask has 3, 4, 11 and 12; "fragmentation needed" is excepted.
TEST_F(icmp_error_sent, TypesOfTheMaskAreLimitedToABurstOfSix) { EXPECT_EQ(answers(port_unreach), 6u); }
TEST_F(icmp_error_sent, FragmentationNeededIsNotLimited) {
    EXPECT_EQ(answers({icmp_dest_unreach, icmp_frag_needed, 1400}), 20u);
}
TEST_F(icmp_error_sent, RedirectIsNotLimited) { EXPECT_EQ(answers({icmp_redirect_type, icmp_redir_host, 0}), 20u); }
TEST_F(icmp_error_sent, SameCodeOfAnotherTypeIsLimited) {
    EXPECT_EQ(answers({icmp_parameterprob, icmp_frag_needed, 0}), 6u);
}

// net.ipv4.icmp_msgs_burst is 50; each message costs 0 to 2.
TEST_F(icmp_error_sent, MessagesToAllHostsTogetherAreLimited) {
    std::size_t sent = 0;
    for (int i = 2; i < 252; ++i) sent += answered(some_packet("10.0.0." + std::to_string(i))) ? 1u : 0u;
    EXPECT_GE(sent, 25u);
    EXPECT_LT(sent, 150u);
}

// Neither limit holds for what this host tells itself: the way to its own addresses is the loopback device's.
TEST_F(icmp_error_sent, MessagesOfThisHostToItselfAreNotLimited) {
    run("sysctl net.ipv4.conf.all.accept_local=1");
    std::size_t sent = 0;
    for (int i = 0; i < 250; ++i) {
        route(some_packet("10.1.0.1")).dev = m_net.devices.by_name("lo");
        icmp_send(m_context, m_net, m_skb, port_unreach);
        sent += m_context.sent.size();
        for (const auto& looped : m_context.looped) dst_release_immediate(looped.dst);
        m_context.looped.clear();
    }
    EXPECT_EQ(sent, 250u);
}

TEST_F(icmp_error_sent, DeviceWithoutCarrierDropsIt) {
    run("ip link set nic0 carrier off");
    EXPECT_FALSE(answered(some_packet()));
    EXPECT_THAT(drops(), testing::ElementsAre(drop_reason::QDISC_DROP));
}

TEST_F(icmp_error_sent, ComesFromTheAddressThatThePacketWasFor) {
    ASSERT_TRUE(answered(some_packet("10.0.0.2", "10.1.0.1")));
    EXPECT_EQ(m_context.sent[0].from.address.to_string(), "10.1.0.1");
}

TEST_F(icmp_error_sent, OfARouterComesFromItsAddressTowardsTheSender) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_TRUE(answered(some_packet("10.0.0.2", "10.1.0.9"), {icmp_time_exceeded, icmp_exc_ttl, 0}));
    EXPECT_EQ(m_context.sent[0].from.address.to_string(), "10.0.0.1");
}

// RFC 1812 §4.3.2.3: as much of the packet as fits into 576 bytes. §4.3.2.5: its TOS, with precedence 6.
TEST_F(icmp_error_sent, QuotesThePacketUpTo576BytesAndKeepsItsTos) {
    run("sysctl net.ipv4.conf.all.accept_local=1");
    auto& skb = route(ip_packet("10.0.0.1", 200, byte_list(1000), {}, "10.1.0.1"));
    skb.head[1] = 0xff;
    icmp_send(m_context, m_net, skb, port_unreach);
    ASSERT_EQ(m_context.looped.size(), 1u);
    const auto& bytes = m_context.looped[0].frame.bytes;
    EXPECT_EQ(bytes.size(), 576u);
    EXPECT_EQ(bytes[1], 0xde);
    EXPECT_TRUE(std::equal(bytes.begin() + 28, bytes.end(), skb.head.begin()));
}

}  // namespace
}  // namespace rxpath
