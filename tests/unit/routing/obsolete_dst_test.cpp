// Over random changes of the configuration: a dst that is kept from packet to packet, by a socket or by a next hop, is
// used only while a full lookup would give the same.
//
// Two hosts get the same commands. One works as hosts do; in the other every lookup is made anew, because before each
// packet its generation goes up. Changes that the kernel lets cached routes survive (rp_filter) are left out.
#include <map>
#include <memory>
#include <random>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "routing_fixture.h"

namespace rxpath {
namespace {

struct packet_kind {
    std::string from, to, through;
    std::uint8_t tos;

    auto all() const { return std::tie(from, to, through, tos); }
    friend bool operator<(const packet_kind& a, const packet_kind& b) { return a.all() < b.all(); }
};

// What a route does with a packet, as text.
std::string decision(const rtable& route) {
    return fmt::format("type {} input {} error {} flags {:x} gateway {} of family {} from device {}", route.rt_type,
                       static_cast<int>(route.dst.input), route.dst.error, route.rt_flags,
                       route.rt_gw_family == af_inet ? route.rt_gw4.to_string() : "none", route.rt_gw_family,
                       route.rt_iif);
}

class test_host {
public:
    test_host() {
        for (const auto* name : {"nic0", "nic1"}) m_routing.device_registered(m_devices.add(name));
    }
    ~test_host() {
        drop();
        for (auto& [unused, dst] : m_kept) dst_release(m_context, dst);
    }
    std::string run(const std::string& command) {
        return apply_ip_command(m_routing, m_devices, command, m_time += milliseconds(2000)).value_or("done");
    }
    // A lookup: the decision, or the error.
    std::string route(const packet_kind& kind) {
        drop();
        m_skb.fill(make_packet(kind.from, kind.to, kind.tos), {40});
        m_skb.dev = m_devices.by_name(kind.through);
        m_skb.skb_iif = m_skb.dev->ifindex;
        m_trace.clear();
        const auto header = m_skb.ip_hdr();
        const int error =
            ip_route_input_noref(m_context, m_routing, m_skb, header.daddr(), header.saddr(), header.tos(), *m_skb.dev);
        if (error != 0) return fmt::format("error {}", error);
        EXPECT_EQ(skb_rtable(m_skb)->rt_genid, m_routing.rt_genid()) << "a dst of an older generation was handed out";
        return decision(*skb_rtable(m_skb));
    }
    // A lookup that no cache answers.
    std::string route_anew(const packet_kind& kind) {
        m_routing.rt_cache_flush();
        return route(kind);
    }
    // As early demux does: the kept dst if it still holds, or a lookup whose dst is kept.
    std::string route_with_kept(const packet_kind& kind) {
        auto& kept = m_kept[kind];
        m_trace.clear();
        if (kept != nullptr && dst_check(m_context, *kept, 0) != nullptr) {
            ++m_reused;
            EXPECT_EQ(rtable_of(*kept).rt_genid, m_routing.rt_genid()) << "a kept dst of an older generation held";
            return decision(rtable_of(*kept));
        }
        dst_release(m_context, kept);
        kept = nullptr;
        auto answer = route(kind);
        if (auto* dst = skb_dst(m_skb); dst != nullptr && dst_hold_safe(*dst)) kept = dst;
        return answer;
    }
    void end_of_softirq() {
        drop();
        m_routing.rcu_quiescent_state();
    }
    std::size_t reused() const { return m_reused; }

private:
    void drop() { skb_dst_drop(m_context, m_skb); }

    sysctl_ipv4 m_sysctls;
    device_list m_devices{nullptr};
    ipv4_routing m_routing{m_devices, m_sysctls};
    call_trace m_trace;
    picoseconds m_time{};
    random_source m_random;
    receive_context m_context{m_trace, m_random, {}};
    sk_buff m_skb;
    std::map<packet_kind, dst_entry*> m_kept;
    std::size_t m_reused = 0;
};

class obsolete_dst : public testing::TestWithParam<std::uint64_t> {
protected:
    obsolete_dst() {
        for (const auto* command : {"ip link set lo up", "ip addr add 10.0.0.1/24 dev nic0", "ip link set nic0 up",
                                    "ip addr add 10.1.0.1/24 dev nic1", "ip link set nic1 up",
                                    "ip route add default via 10.0.0.2", "sysctl net.ipv4.ip_forward=1"})
            change(command);
    }

    void change(const std::string& command) {
        ASSERT_EQ(m_host.run(command), m_anew.run(command)) << command;
        m_history.push_back(command);
    }
    template <class... Choices>
    std::string one_of(Choices... choices) {
        const std::vector<std::string> all{choices...};
        return all[m_random() % all.size()];
    }
    std::string any_prefix() { return one_of("192.0.2.0/24", "192.0.2.0/25", "198.51.100.0/24", "192.0.0.0/16"); }
    std::string any_gateway() { return one_of("via 10.0.0.3", "via 10.1.0.3", "dev nic1", "via 10.1.0.4"); }

    std::string any_change() {
        switch (m_random() % 12) {
            case 0:
            case 1:
                return fmt::format("ip route add {} {}", any_prefix(), any_gateway());
            case 2:
            case 3:
                return fmt::format("ip route del {}", any_prefix());
            case 4:
                return fmt::format("ip route replace {} {}", any_prefix(), any_gateway());
            case 5:
                return fmt::format("ip route {} {} {}", one_of("add", "del"), one_of("unreachable", "blackhole"),
                                   any_prefix());
            case 6:
                return fmt::format("ip addr {} {} dev nic1", one_of("add", "del"),
                                   one_of("10.1.0.9/24", "10.2.0.1/24", "192.0.2.7/32"));
            case 7:
                return fmt::format("ip rule {} to {} lookup {} pref 10", one_of("add", "del"), any_prefix(),
                                   one_of("100", "main"));
            case 8:
                return fmt::format("ip route add {} {} table 100", any_prefix(), any_gateway());
            case 9:
                return fmt::format("ip link set nic1 {}", one_of("down", "up", "up", "carrier off", "carrier on"));
            case 10:
                return fmt::format("ip link set nic1 mtu {}", one_of("1400", "1500"));
            default:
                return fmt::format("sysctl net.ipv4.{}",
                                   one_of("ip_forward=0", "ip_forward=1", "ip_forward=1", "conf.nic0.accept_local=1",
                                          "conf.nic0.accept_local=0", "route.flush=1"));
        }
    }
    packet_kind any_packet() {
        return {one_of("10.0.0.2", "10.0.0.77", "203.0.113.5"),
                one_of("10.0.0.1", "10.1.0.1", "10.1.0.9", "192.0.2.7", "192.0.2.200", "198.51.100.1", "203.0.113.9"),
                one_of("nic0", "nic0", "nic1"), m_random() % 4 == 0 ? std::uint8_t{0x10} : std::uint8_t{0}};
    }
    // The last commands, for a message.
    std::string history() const {
        std::string text;
        for (auto i = m_history.size() > 12 ? m_history.size() - 12 : 0; i < m_history.size(); ++i)
            text += "\n  " + m_history[i];
        return text;
    }

    std::mt19937_64 m_random{GetParam()};
    test_host m_host, m_anew;
    std::vector<std::string> m_history;
};

TEST_P(obsolete_dst, IsNeverUsedForAPacket) {
    for (int round = 0; round < 400; ++round) {
        change(any_change());
        for (int i = 0; i < 8; ++i) {
            const auto kind = any_packet();
            const auto expected = m_anew.route_anew(kind);
            const auto got = m_random() % 2 == 0 ? m_host.route_with_kept(kind) : m_host.route(kind);
            ASSERT_EQ(got, expected) << kind.from << " to " << kind.to << " through " << kind.through << " after"
                                     << history();
        }
        m_host.end_of_softirq();
        m_anew.end_of_softirq();
    }
    EXPECT_GT(m_host.reused(), 100u) << "kept dsts must be used at all for this to say anything";
}

INSTANTIATE_TEST_SUITE_P(Seeds, obsolete_dst, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace rxpath
