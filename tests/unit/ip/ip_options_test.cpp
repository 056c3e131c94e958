// ip_options_compile() and ip_options_rcv_srr(): which options are in order, and where a source route leads.
#include "models/ip/ip_options.h"

#include "models/routing/rtable.h"
#include "transport_packet.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ip_options : public transport_packet_fixture {
protected:
    bool compile(const byte_list& options, std::string_view to = "10.0.0.1") {
        return ip_options_compile(m_context, m_net, route(ip_packet(to, ipproto_udp, byte_list(20), options)));
    }
    // Also follows the source route.
    bool follow(const byte_list& options) { return compile(options) && ip_options_rcv_srr(m_context, m_net, m_skb); }
    byte_list stored(std::size_t at, std::size_t size) const {
        const auto first = m_skb.head.begin() + static_cast<std::ptrdiff_t>(20 + at);
        return {first, first + static_cast<std::ptrdiff_t>(size)};
    }
};

struct option_case {
    const char* name;
    byte_list options;
    bool in_order;
};

class ip_options_check : public ip_options, public testing::WithParamInterface<option_case> {};

TEST_P(ip_options_check, IsTheKernels) {
    EXPECT_EQ(compile(GetParam().options), GetParam().in_order);
    if (GetParam().in_order)
        EXPECT_THAT(sends(), IsEmpty());
    else
        EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

const option_case option_cases[] = {
    {"no_operations", {1, 1, 1, 1}, true},
    {"anything_after_the_end", {0, 7, 9, 3}, true},
    {"length_0", {130, 0, 0, 0}, false},
    {"length_1", {130, 1, 0, 0}, false},
    {"length_beyond_the_header", {130, 5, 0, 0}, false},
    {"type_without_length", {1, 1, 1, 130}, false},
    {"unknown", {222, 4, 0, 0}, true},
    {"record_route_with_room", {7, 7, 4, 0, 0, 0, 0, 0}, true},
    {"record_route_full", {7, 7, 8, 1, 2, 3, 4, 0}, true},
    {"record_route_pointer_3", {7, 7, 3, 0, 0, 0, 0, 0}, false},
    {"record_route_room_for_half_an_address", {7, 7, 5, 0, 0, 0, 0, 0}, false},
    {"record_route_twice", {7, 7, 4, 0, 0, 0, 0, 7, 7, 4, 0, 0, 0, 0, 0, 0}, false},
    {"timestamp", {68, 8, 5, 0, 0, 0, 0, 0}, true},
    {"timestamp_pointer_4", {68, 8, 4, 0, 0, 0, 0, 0}, false},
    {"timestamp_with_address_without_room", {68, 8, 5, 1, 0, 0, 0, 0}, false},
    {"timestamp_missed_by_14", {68, 8, 9, 0xe0, 0, 0, 0, 0}, true},
    {"timestamp_missed_by_15", {68, 8, 9, 0xf0, 0, 0, 0, 0}, false},
    {"router_alert", {148, 4, 0, 0}, true},
    {"router_alert_length_3", {148, 3, 0, 0}, false},
    {"source_route_length_2", {131, 2, 4, 0}, false},
    {"source_route_twice", {131, 3, 4, 137, 3, 4, 0, 0}, false},
};
INSTANTIATE_TEST_SUITE_P(every, ip_options_check, testing::ValuesIn(option_cases),
                         [](const auto& test) { return test.param.name; });

TEST_F(ip_options, RecordedRouteIsTheAddressThePacketWasFor) {
    compile({7, 7, 4, 0, 0, 0, 0, 0});
    EXPECT_THAT(stored(2, 5), ElementsAre(8, 10, 0, 0, 1));
}

TEST_F(ip_options, PrespecifiedTimeOfAnotherHostIsLeftAlone) {
    compile({68, 12, 5, 3, 10, 0, 0, 9, 0, 0, 0, 0});
    EXPECT_EQ(m_skb.head[22], 5);
    compile({68, 12, 5, 3, 10, 0, 0, 1, 0, 0, 0, 0});
    EXPECT_EQ(m_skb.head[22], 13);
}

TEST_F(ip_options, ErrorToABroadcastIsNotSent) {
    EXPECT_FALSE(compile({7, 2, 4, 0}, "10.0.0.255"));
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(ip_options, SourceRouteThatIsDoneEndsHere) {
    EXPECT_TRUE(follow({131, 7, 8, 10, 0, 0, 9, 0}));
    EXPECT_FALSE(m_skb.ip_cb.srr_is_hit);
    EXPECT_EQ(skb_dst(m_skb)->input, dst_input::ip_local_deliver);
}

TEST_F(ip_options, SourceRouteThroughARouterGoesOn) {
    run("sysctl net.ipv4.ip_forward=1");
    EXPECT_TRUE(follow({131, 7, 4, 10, 1, 0, 9, 0}));
    EXPECT_TRUE(m_skb.ip_cb.srr_is_hit);
    EXPECT_EQ(skb_dst(m_skb)->input, dst_input::ip_forward);
}

TEST_F(ip_options, SourceRouteThatThisHostDoesNotForwardIsRefused) {
    run("sysctl net.ipv4.ip_forward=0");
    EXPECT_FALSE(follow({131, 7, 4, 10, 1, 0, 9, 0}));
}

TEST_F(ip_options, RouterRecordsTheAddressThatThePacketLeavesBy) {
    run("sysctl net.ipv4.ip_forward=1");
    compile({7, 7, 4, 0, 0, 0, 0, 0}, "10.1.0.9");
    ip_forward_options(m_context, m_net, m_skb);
    EXPECT_THAT(stored(2, 5), ElementsAre(8, 10, 1, 0, 1));
}

TEST_F(ip_options, SourceRouteTakesTheRoutersPlace) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_TRUE(follow({131, 11, 4, 10, 1, 0, 9, 10, 1, 0, 7, 0}));
    ip_forward_options(m_context, m_net, m_skb);
    EXPECT_EQ(m_skb.ip_hdr().daddr().to_string(), "10.1.0.9");
    EXPECT_THAT(stored(2, 5), ElementsAre(8, 10, 1, 0, 1));
}

TEST_F(ip_options, PreferredSourceOfTheRouteIsRecorded) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 192.0.2.0/24 via 10.1.0.9 src 10.0.0.1");
    compile({7, 7, 4, 0, 0, 0, 0, 0}, "192.0.2.1");
    ip_forward_options(m_context, m_net, m_skb);
    EXPECT_THAT(stored(3, 4), ElementsAre(10, 0, 0, 1));
}

TEST_F(ip_options, BytesBehindTheEndAreCleared) {
    compile({0, 7, 9, 3});
    EXPECT_THAT(stored(0, 4), ElementsAre(0, 0, 0, 0));
    EXPECT_TRUE(m_skb.ip_cb.is_changed);
}

TEST_F(ip_options, HopsThatAreThisHostAreTakenAtOnce) {
    EXPECT_TRUE(follow({131, 7, 4, 10, 1, 0, 1, 0}));
    EXPECT_EQ(m_skb.ip_hdr().daddr().to_string(), "10.1.0.1");
    EXPECT_FALSE(m_skb.ip_cb.srr_is_hit);
}

}  // namespace
}  // namespace rxpath
