// LOCAL and MAIN as one trie, and apart as in earlier kernels: the same answers, by fewer or more lookups.
#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

// A router whose tables are as they are told before it has an address.
class router {
public:
    explicit router(bool merged) {
        m_routing.set_features({true, merged});
        for (const auto* name : {"nic0", "nic1"}) m_routing.device_registered(m_devices.add(name));
        for (const auto* command : {"ip link set nic0 up", "ip link set nic1 up", "ip addr add 10.0.0.1/24 dev nic0",
                                    "ip addr add 10.1.0.1/24 dev nic1", "sysctl net.ipv4.ip_forward=1"})
            EXPECT_EQ(apply_ip_command(m_routing, m_devices, command), std::nullopt) << command;
    }
    // Routes a packet from nic0's network.
    struct answer {
        int error;
        dst_input input;
        std::ptrdiff_t lookups;
    };
    answer route(std::string_view to) {
        sk_buff skb;
        skb.fill(make_packet("10.0.0.9", to), {40});
        skb.dev = m_devices.by_name("nic0");
        skb.skb_iif = skb.dev->ifindex;
        m_trace.clear();
        const auto header = skb.ip_hdr();
        const int error =
            ip_route_input_noref(m_context, m_routing, skb, header.daddr(), header.saddr(), header.tos(), *skb.dev);
        const auto& calls = m_trace.calls();
        const auto lookups = std::count_if(calls.begin(), calls.end(),
                                           [](const auto& call) { return call.function == fn::fib_table_lookup; });
        const answer found{error, skb_rtable(skb)->dst.input, lookups};
        skb_dst_drop(m_context, skb);
        return found;
    }

private:
    sysctl_ipv4 m_sysctls;
    device_list m_devices{nullptr};
    ipv4_routing m_routing{m_devices, m_sysctls};
    call_trace m_trace;
    random_source m_random;
    receive_context m_context{m_trace, m_random, {}};
};

TEST(local_and_main, OneLookupAnswersBothWhenMerged) {
    router merged{true};
    EXPECT_EQ(merged.route("10.0.0.1").lookups, 1);
    EXPECT_EQ(merged.route("10.1.0.2").lookups, 1);
}

TEST(local_and_main, ForwardedPacketMissesInLocalFirstWhenApart) {
    router apart{false};
    EXPECT_EQ(apart.route("10.0.0.1").lookups, 1);
    EXPECT_EQ(apart.route("10.1.0.2").lookups, 2);
}

TEST(local_and_main, AnswersAreTheSame) {
    router merged{true}, apart{false};
    for (const auto* to : {"10.0.0.1", "10.1.0.1", "10.1.0.2", "10.0.0.77"}) {
        EXPECT_EQ(merged.route(to).error, 0) << to;
        EXPECT_EQ(apart.route(to).error, 0) << to;
        EXPECT_EQ(merged.route(to).input, apart.route(to).input) << to;
    }
}

}  // namespace
}  // namespace rxpath
