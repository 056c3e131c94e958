// Which ICMP message each trouble on the way is told with: type, code and second word, as the sender reads them. He is
// this host itself here, so that the message comes back through lo.
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/ip/ip_forward.h"
#include "models/ip/ip_protocol_deliver.h"
#include "transport_packet.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class icmp_messages : public transport_packet_fixture {
protected:
    icmp_messages() {
        run("sysctl net.ipv4.ip_forward=1");
        run("sysctl net.ipv4.conf.all.accept_local=1");
    }
    sk_buff& from_this_host(std::string_view to, std::size_t payload = 8) {
        return route(ip_packet(to, 200, byte_list(payload), {}, "10.0.0.1"));
    }
    // Type, code and second word of the message that came back.
    std::vector<std::uint32_t> told() const {
        if (m_context.looped.size() != 1) return {};
        const auto& bytes = m_context.looped[0].frame.bytes;
        return {bytes[20], bytes[21], load_be32(bytes.data() + 24)};
    }
    static std::uint32_t address(std::string_view text) { return parse_ipv4_address(text)->value; }
};

TEST_F(icmp_messages, TimeToLiveExceeded) {
    from_this_host("10.1.0.9").head[8] = 1;
    ip_forward(m_context, m_net, m_skb);
    EXPECT_THAT(told(), ElementsAre(11, 0, 0));
}

TEST_F(icmp_messages, FragmentationNeededNamesTheMtu) {
    run("ip link set nic1 mtu 1000");
    from_this_host("10.1.0.9", 981).head[6] = 0x40;  // don't fragment
    ip_forward(m_context, m_net, m_skb);
    EXPECT_THAT(told(), ElementsAre(3, 4, 1000));
}

TEST_F(icmp_messages, RedirectNamesTheNextHop) {
    from_this_host("10.1.0.9").ip_cb.flags |= ipskb_doredirect;
    ip_forward(m_context, m_net, m_skb);
    EXPECT_THAT(told(), ElementsAre(5, 1, address("10.1.0.9")));
    run("ip route add 172.16.0.0/16 via 10.1.0.2");
    m_context.now += milliseconds(30'000);
    for (const auto& looped : m_context.looped) dst_release_immediate(looped.dst);
    from_this_host("172.16.0.1").ip_cb.flags |= ipskb_doredirect;
    ip_forward(m_context, m_net, m_skb);
    EXPECT_THAT(told(), ElementsAre(5, 1, address("10.1.0.2")));
}

TEST_F(icmp_messages, MissingRouteAndRoutesThatRefuse) {
    run("ip route add unreachable 198.51.100.0/24");
    run("ip route add prohibit 203.0.113.0/24");
    for (const auto& [to, code] : {std::pair{"192.0.2.1", 0u}, {"198.51.100.1", 1u}, {"203.0.113.1", 13u}}) {
        for (const auto& looped : m_context.looped) dst_release_immediate(looped.dst);
        ip_error(m_context, m_net, from_this_host(to));
        EXPECT_THAT(told(), ElementsAre(3, code, 0)) << to;
    }
}

TEST_F(icmp_messages, BlackholeTellsNobody) {
    run("ip route add blackhole 198.51.100.0/24");
    ip_error(m_context, m_net, from_this_host("198.51.100.1"));
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

// The device that the packet came in through says whether this host is a router for it.
TEST_F(icmp_messages, MissingRouteIsToldWhereTheDeviceForwards) {
    auto& skb = from_this_host("192.0.2.1");
    nic0().ip.cnf.forwarding = 0;
    ip_error(m_context, m_net, skb);
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_INNOROUTES));
}

TEST_F(icmp_messages, ProtocolWithoutAHandler) {
    auto& skb = route(ip_packet("10.0.0.1", 200, byte_list(8), {}, "10.1.0.1"));
    skb.pull(skb.transport_header);
    kernel_call here{m_trace, fn::ip_protocol_deliver_rcu};
    deliver_other_protocol(m_context, m_net, skb);
    EXPECT_THAT(told(), ElementsAre(3, 2, 0));
}

class redirects_sent : public icmp_messages {
protected:
    bool redirected(picoseconds later = {}) {
        m_context.now += later;
        for (const auto& looped : m_context.looped) dst_release_immediate(looped.dst);
        route(ip_packet("10.1.0.9", 200, byte_list(8))).ip_cb.flags |= ipskb_doredirect;
        ip_forward(m_context, m_net, m_skb);
        return calls_of(fn::__icmp_send) == 1;
    }
};

TEST_F(redirects_sent, WhereAllOrTheDeviceTheyLeaveThroughSaysSo) {
    run("sysctl net.ipv4.conf.all.send_redirects=0");
    EXPECT_TRUE(redirected());
    run("sysctl net.ipv4.conf.nic1.send_redirects=0");
    EXPECT_FALSE(redirected(milliseconds(30'000)));
    run("sysctl net.ipv4.conf.all.send_redirects=1");
    EXPECT_TRUE(redirected(milliseconds(30'000)));
}

// time_after(): a tick more than the 40 ms of the second one.
TEST_F(redirects_sent, AfterTheTimeAndNotAtIt) {
    EXPECT_TRUE(redirected());
    EXPECT_FALSE(redirected(milliseconds(40)));
    EXPECT_TRUE(redirected(milliseconds(4)));
}

// Each that is not sent because nine were begins the silence of 20.48 s anew.
TEST_F(redirects_sent, AgainWhenTheSilenceIsOverAndNotAtItsEnd) {
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(redirected(milliseconds(10'300))) << i;
    EXPECT_FALSE(redirected(milliseconds(20'480)));
    EXPECT_TRUE(redirected(milliseconds(20'484)));
}

// igmp_rcv(): what is understood is consumed.
class igmp_messages : public icmp_messages {
protected:
    bool understood(std::uint8_t type, std::size_t size, packet_type came_as) {
        byte_list message(size);
        message[0] = type;
        auto& skb = deliver(ip_packet("10.0.0.1", 2, message));
        skb.pkt_type = came_as;
        kernel_call here{m_trace, fn::ip_protocol_deliver_rcu};
        deliver_other_protocol(m_context, m_net, skb);
        return m_context.dropped.empty();
    }
};

TEST_F(igmp_messages, QueryHasEightBytesOrTwelveAndMore) {
    for (const std::size_t size : {8u, 12u, 13u, 16u}) EXPECT_TRUE(understood(0x11, size, packet_type::host)) << size;
    for (const std::size_t size : {7u, 9u, 11u}) EXPECT_FALSE(understood(0x11, size, packet_type::host)) << size;
}

TEST_F(igmp_messages, ReportCountsWhenItCameToTheGroup) {
    for (const int type : {0x12, 0x16}) {
        EXPECT_TRUE(understood(static_cast<std::uint8_t>(type), 8, packet_type::multicast));
        EXPECT_TRUE(understood(static_cast<std::uint8_t>(type), 8, packet_type::broadcast));
        EXPECT_FALSE(understood(static_cast<std::uint8_t>(type), 8, packet_type::host));
    }
}

}  // namespace
}  // namespace rxpath
