// A host with one or two NICs, and packets to route in it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "models/command/routing_command.h"
#include "models/routing/ip_route_input.h"

namespace rxpath {

// A packet of 40 bytes with this header, TCP unless said otherwise.
inline packet make_packet(std::string_view from, std::string_view to, std::uint8_t tos = 0, std::uint8_t protocol = 6) {
    packet made;
    made.bytes.assign(40, 0);
    made.bytes[0] = 0x45;
    made.bytes[1] = tos;
    made.bytes[3] = 40;
    made.bytes[8] = 64;
    made.bytes[9] = protocol;
    const auto put = [&](std::size_t at, ipv4_address address) {
        for (int i = 0; i < 4; ++i) made.bytes[at++] = static_cast<std::uint8_t>(address.value >> (24 - 8 * i));
    };
    put(12, *parse_ipv4_address(from));
    put(16, *parse_ipv4_address(to));
    made.length = {made.bytes.size()};
    return made;
}

class routing_fixture : public testing::Test {
protected:
    routing_fixture() {
        run("ip link set lo up");
        add_device("nic0");
        run("ip addr add 10.0.0.1/24 dev nic0");
        run("ip link set nic0 up");
        run("ip route add default via 10.0.0.2");
    }

    net_device& add_device(std::string_view name) {
        auto& device = m_devices.add(std::string{name});
        m_routing.device_registered(device);
        return device;
    }
    void run(std::string_view command) {
        const auto error = apply_ip_command(m_routing, m_devices, command, m_time);
        ASSERT_FALSE(error) << *error;
        settle();
    }
    // What a command set going is over.
    void settle() {
        m_routing.run_timers(m_time);
        m_time += milliseconds(2000);
        m_routing.run_timers(m_time);
    }
    // The error text of a command that must fail.
    std::string refused(std::string_view command) {
        return apply_ip_command(m_routing, m_devices, command, m_time).value_or("accepted");
    }
    net_device& device(std::string_view name) { return *m_devices.by_name(name); }

    // Routes a packet; its dst is in m_skb until the next one.
    int route(std::string_view from, std::string_view to, std::string_view through = "nic0", std::uint8_t tos = 0) {
        drop();
        m_skb.fill(make_packet(from, to, tos), {40});
        m_skb.dev = &device(through);
        m_skb.skb_iif = m_skb.dev->ifindex;
        m_skb.mark = m_mark;
        m_trace.clear();
        const auto header = m_skb.ip_hdr();
        return ip_route_input_noref(m_context, m_routing, m_skb, header.daddr(), header.saddr(), header.tos(),
                                    *m_skb.dev);
    }
    void drop() { skb_dst_drop(m_context, m_skb); }
    rtable& routed() { return *skb_rtable(m_skb); }
    std::size_t calls(function_number function) const {
        std::size_t count = 0;
        for (const auto& call : m_trace.calls()) count += call.function == function ? 1 : 0;
        return count;
    }
    ~routing_fixture() override { drop(); }

    sysctl_ipv4 m_sysctls;
    device_list m_devices{nullptr};
    ipv4_routing m_routing{m_devices, m_sysctls};
    call_trace m_trace;
    picoseconds m_time{};  // of the next command
    random_source m_random;
    receive_context m_context{m_trace, m_random, {}};
    std::uint32_t m_mark = 0;
    sk_buff m_skb;
};

}  // namespace rxpath
