// ip_receive: how a list is cut into sublists by dst, and when a packet takes the route of the one before it.
#include "models/ip/ip_receive.h"

#include <deque>

#include "models/base/checksum.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/routing.h"
#include "models/routing/ip_route_input.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using namespace path::ip_rcv_finish_core;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class ip_receive_list : public path_fixture {
protected:
    using numbers = std::vector<std::uint64_t>;

    sk_buff& add(std::string_view to, std::uint8_t tos = 0) {
        tcp_segment segment;
        segment.from = m_client;
        segment.to = {*parse_ipv4_address(to), {80}};
        packet made;
        build_tcp(made, segment, 1);
        made.bytes[1] = tos;
        made.bytes[11] = static_cast<std::uint8_t>(made.bytes[11] - tos);  // no tos here borrows from the high byte
        auto& skb = m_skbs.emplace_back();
        fill(skb, made);
        m_list.push_back(&skb);
        return skb;
    }
    // All of the list through IP with full lookups; answers the sublists that were delivered, by packet number.
    std::vector<numbers> receive() { return finish(m_ip.begin_list(m_context, m_list)); }
    std::vector<numbers> finish(ip_receive::next next) {
        std::vector<numbers> sublists;
        for (; next != ip_receive::next::done;) {
            if (next == ip_receive::next::early_demux) {
                next = m_ip.routed(m_context, route(m_ip.packet()));
            } else {
                auto& sublist = sublists.emplace_back();
                for (const auto* skb : m_ip.delivery()) sublist.push_back(skb->number);
                next = m_ip.delivered(m_context);
            }
        }
        EXPECT_TRUE(m_trace.complete());
        return sublists;
    }
    int route(sk_buff& skb) {
        if (skb_valid_dst(skb)) return 0;
        const auto ip = skb.ip_hdr();
        return ip_route_input_noref(m_context, m_net.routing, skb, ip.daddr(), ip.saddr(), ip.tos(), *skb.dev);
    }
    std::vector<route_source> routed_by() const {
        std::vector<route_source> sources;
        for (const auto& skb : m_skbs) sources.push_back(skb.routed_by);
        return sources;
    }
    ~ip_receive_list() override {
        for (auto& skb : m_skbs) release(skb);
    }

    ip_receive m_ip{m_net};
    std::deque<sk_buff> m_skbs;
    std::vector<sk_buff*> m_list;
};

TEST_F(ip_receive_list, PacketsOfOneDestinationAreOneSublistAndRoutedOnce) {
    add("10.0.0.1"), add("10.0.0.1"), add("10.0.0.1");
    EXPECT_THAT(receive(), ElementsAre(numbers{1, 2, 3}));
    EXPECT_THAT(routed_by(), ElementsAre(route_source::allocated, route_source::hint, route_source::hint));
    EXPECT_EQ(calls_of(fn::ip_route_input_noref), 1u);
    EXPECT_EQ(skb_dst(m_skbs[0]), skb_dst(m_skbs[2]));
}

// Only neighbours are put together: the third packet's dst is the first's, but not the second's.
TEST_F(ip_receive_list, ChangeOfDstBeginsANewSublist) {
    add("10.0.0.1"), add("10.1.0.1"), add("10.0.0.1"), add("10.0.0.1");
    EXPECT_THAT(receive(), ElementsAre(numbers{1}, numbers{2}, numbers{3, 4}));
    EXPECT_THAT(routed_by(), ElementsAre(route_source::allocated, route_source::allocated, route_source::nexthop_cache,
                                         route_source::hint));
}

TEST_F(ip_receive_list, HintNeedsTheSameTos) {
    add("10.0.0.1"), add("10.0.0.1", 4);
    receive();
    EXPECT_EQ(m_skbs[1].routed_by, route_source::nexthop_cache);
    EXPECT_THAT(steps_of(fn::ip_rcv_finish_core), ElementsAre(routed, hint_compared, hint_tos_compared, routed));
}

TEST_F(ip_receive_list, WithoutTheHintEachPacketIsLookedUp) {
    m_net.routing.set_features({false, true});
    add("10.0.0.1"), add("10.0.0.1");
    EXPECT_THAT(receive(), ElementsAre(numbers{1, 2}));
    EXPECT_THAT(routed_by(), Not(Contains(route_source::hint)));
}

TEST_F(ip_receive_list, CustomRulesForbidHints) {
    run("ip rule add from 192.0.2.0/24 pref 100 table 100");
    add("10.0.0.1"), add("10.0.0.1");
    EXPECT_THAT(receive(), ElementsAre(numbers{1, 2}));  // the same cached dst all the same
    EXPECT_EQ(m_skbs[1].routed_by, route_source::nexthop_cache);
    EXPECT_EQ(calls_of(fn::ip_route_input_noref), 2u);
    EXPECT_THAT(steps_of(fn::ip_sublist_rcv), Contains(path::ip_sublist_rcv::custom_rules));
}

TEST_F(ip_receive_list, LimitedBroadcastIsNoHint) {
    add("255.255.255.255"), add("255.255.255.255");
    receive();
    EXPECT_THAT(routed_by(), testing::Each(Not(route_source::hint)));
    EXPECT_THAT(steps_of(fn::ip_sublist_rcv), Contains(path::ip_sublist_rcv::unhintable_address));
}

TEST_F(ip_receive_list, RefusedPacketIsLeftOut) {
    add("10.0.0.1"), add("10.0.0.1").pkt_type = packet_type::otherhost, add("10.0.0.1");
    EXPECT_THAT(receive(), ElementsAre(numbers{1, 3}));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::OTHERHOST));
}

TEST_F(ip_receive_list, NothingLeftEndsBeforeTheSublist) {
    add("10.0.0.1").pkt_type = packet_type::otherhost;
    EXPECT_THAT(receive(), IsEmpty());
    EXPECT_EQ(calls_of(fn::ip_list_rcv), 1u);
    EXPECT_EQ(calls_of(fn::ip_sublist_rcv), 0u);
}

TEST_F(ip_receive_list, SourceThatRpFilterRefusesIsDroppedWithItsReason) {
    run("sysctl net.ipv4.conf.nic1.rp_filter=1");
    auto& skb = add("10.1.0.1");
    skb.dev = &nic1();  // the client's network is behind nic0
    skb.skb_iif = nic1().ifindex;
    EXPECT_THAT(receive(), ElementsAre(numbers{}));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_RPFILTER));
}

TEST_F(ip_receive_list, SinglePacketGoesWithoutList) {
    auto& skb = add("10.0.0.1");
    EXPECT_THAT(finish(m_ip.begin_single(m_context, skb)), ElementsAre(numbers{1}));
    EXPECT_EQ(calls_of(fn::ip_rcv), 1u);
    EXPECT_EQ(calls_of(fn::ip_list_rcv), 0u);
}

TEST_F(ip_receive_list, SinglePacketRefusedIsDone) {
    auto& skb = add("10.0.0.1");
    skb.pkt_type = packet_type::otherhost;
    EXPECT_THAT(finish(m_ip.begin_single(m_context, skb)), IsEmpty());
    EXPECT_THAT(steps_of(fn::ip_rcv), ElementsAre(path::ip_rcv::refused));
}

// ip_extract_route_hint(): another packet to that address may take another next hop.
TEST_F(ip_receive_list, MultipathRouteIsNoHint) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 198.51.100.0/24 nexthop via 10.1.0.2 nexthop via 10.1.0.3");
    add("198.51.100.7"), add("198.51.100.7");
    receive();
    EXPECT_THAT(routed_by(), testing::Each(Not(route_source::hint)));
    EXPECT_EQ(calls_of(fn::ip_route_input_noref), 2u);
}

// Whoever is to be redirected came the wrong way; the route is good for the next one all the same.
TEST_F(ip_receive_list, RouteThatRedirectsIsAHint) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 198.51.100.0/24 via 10.0.0.9");
    add("198.51.100.7"), add("198.51.100.7");
    receive();
    EXPECT_NE(m_skbs[0].ip_cb.flags & ipskb_doredirect, 0);
    EXPECT_EQ(m_skbs[1].routed_by, route_source::hint);
}

// A host that has no address yet sends from 0.0.0.0 to 0.0.0.0: a broadcast, which a hint would take for a martian.
TEST_F(ip_receive_list, UnspecifiedAddressIsNoHint) {
    for (int i = 0; i < 2; ++i) {
        auto& skb = add("0.0.0.0");
        std::fill_n(skb.head.begin() + 12, 4, std::uint8_t{0});
        skb.head[10] = skb.head[11] = 0;
        const auto sum = static_cast<std::uint16_t>(~csum_fold(internet_sum(skb.head.data(), 20)));
        skb.head[10] = static_cast<std::uint8_t>(sum >> 8), skb.head[11] = static_cast<std::uint8_t>(sum);
    }
    receive();
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_THAT(routed_by(), testing::Each(Not(route_source::hint)));
}

// A martian behind a good packet of the list is refused with the hint, too, and is no martian where it may come in.
TEST_F(ip_receive_list, LoopbackSourceBehindAHintNeedsRouteLocalnet) {
    const auto add_from_loopback = [&] {
        auto& skb = add("10.0.0.1");
        skb.head[12] = 127, skb.head[15] = 9;
        skb.head[10] = skb.head[11] = 0;
        const auto sum = static_cast<std::uint16_t>(~csum_fold(internet_sum(skb.head.data(), 20)));
        skb.head[10] = static_cast<std::uint8_t>(sum >> 8), skb.head[11] = static_cast<std::uint8_t>(sum);
    };
    add("10.0.0.1"), add_from_loopback();
    EXPECT_THAT(receive(), ElementsAre(numbers{1}));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_THAT(steps_of(fn::ip_rcv_finish_core), Contains(hint_refused));
    run("sysctl net.ipv4.conf.nic0.route_localnet=1");
    m_list.clear();
    forget();
    add("10.0.0.1"), add_from_loopback();
    EXPECT_THAT(receive(), ElementsAre(numbers{3, 4}));
    EXPECT_EQ(m_skbs[3].routed_by, route_source::hint);
}

// RFC 1122 §3.3.6: frames for all of the link that hold a packet for one host, where either setting refuses them.
TEST_F(ip_receive_list, UnicastInALinkLayerGroupIsDroppedWhereEitherSettingSaysSo) {
    const auto dropped = [&](packet_type type, int all, int device, std::string_view to = "10.0.0.1") {
        run("sysctl net.ipv4.conf.all.drop_unicast_in_l2_multicast=" + std::to_string(all));
        run("sysctl net.ipv4.conf.nic0.drop_unicast_in_l2_multicast=" + std::to_string(device));
        for (auto& skb : m_skbs) release(skb);
        m_list.clear();
        forget();
        add(to).pkt_type = type;
        receive();
        if (drops().empty()) return false;
        EXPECT_THAT(drops(), ElementsAre(drop_reason::UNICAST_IN_L2_MULTICAST));
        return true;
    };
    for (const auto type : {packet_type::broadcast, packet_type::multicast}) {
        EXPECT_FALSE(dropped(type, 0, 0));
        EXPECT_TRUE(dropped(type, 1, 0));
        EXPECT_TRUE(dropped(type, 0, 1));
        EXPECT_FALSE(dropped(type, 1, 1, "10.0.0.255"));
        EXPECT_FALSE(dropped(type, 1, 1, "224.0.0.1"));
    }
    EXPECT_FALSE(dropped(packet_type::host, 1, 1));
}

TEST_F(ip_receive_list, RefusedRouteOtherThanByTheFilterHasNoReason) {
    add("0.0.0.0");  // a martian destination
    receive();
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

}  // namespace
}  // namespace rxpath
