// A host's network namespace with two NICs, and packets as they come to it: what the tests of the path above NAPI
// share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "models/command/routing_command.h"
#include "models/ip/network_namespace.h"
#include "models/wire/frame_builder.h"

namespace rxpath {

class path_fixture : public testing::Test {
protected:
    const endpoint m_server{*parse_ipv4_address("10.0.0.1"), {80}};
    const endpoint m_client{*parse_ipv4_address("10.0.0.2"), {40000}};

    path_fixture() {
        run("ip link set lo up");
        add_device("nic0");
        add_device("nic1");
        run("ip addr add 10.0.0.1/24 dev nic0");
        run("ip addr add 10.1.0.1/24 dev nic1");
    }
    ~path_fixture() override { release(m_skb); }

    void run(std::string_view command) {
        const auto error = apply_ip_command(m_net.routing, m_net.devices, command, m_time);
        ASSERT_FALSE(error) << *error;
        settle();
    }
    // What a command set going is over.
    void settle() {
        m_net.routing.run_timers(m_time);
        m_time += milliseconds(2000);
        m_net.routing.run_timers(m_time);
    }
    net_device& nic0() { return *m_net.devices.by_name("nic0"); }
    net_device& nic1() { return *m_net.devices.by_name("nic1"); }

    packet tcp_packet(std::uint8_t flags = tcphdr_ack, std::uint64_t payload = 0) const {
        tcp_segment segment;
        segment.from = m_client;
        segment.to = m_server;
        segment.seq = {1};
        segment.ack_seq = {1};
        segment.flags = flags;
        segment.payload = {payload};
        packet made;
        build_tcp(made, segment, 1);
        return made;
    }
    packet udp_packet(std::uint64_t payload = 10) const {
        packet made;
        build_udp(made, m_client, m_server, {payload}, 1);
        return made;
    }
    // The packet as a driver hands it on: `linear` bytes of it linear.
    void fill(sk_buff& skb, const packet& from, std::uint64_t linear, net_device& dev) {
        release(skb);
        skb.fill(from, {linear});
        skb.dev = &dev;
        skb.skb_iif = dev.ifindex;
        skb.number = ++m_number;
    }
    void fill(sk_buff& skb, const packet& from) { fill(skb, from, from.length.value, nic0()); }

    // Gives back what the packet holds: its dst and its socket.
    void release(sk_buff& skb) { skb_release_head_state(m_context, skb); }

    std::size_t calls_of(function_number function) const {
        const auto is_function = [function](const traced_call& call) { return call.function == function; };
        return static_cast<std::size_t>(std::count_if(m_trace.calls().begin(), m_trace.calls().end(), is_function));
    }
    // The steps that all calls of a function took, in order; a step taken n times stands n times.
    std::vector<int> steps_of(function_number function) const {
        std::vector<int> steps;
        for (const auto& step : m_trace.steps())
            if (m_trace.calls()[step.call].function == function) steps.insert(steps.end(), step.times, step.step);
        return steps;
    }
    std::vector<drop_reason> drops() const {
        std::vector<drop_reason> reasons;
        for (const auto& drop : m_context.dropped) reasons.push_back(drop.reason);
        return reasons;
    }
    std::vector<sent_kind> sends() const {
        std::vector<sent_kind> kinds;
        for (const auto& sent : m_context.sent) kinds.push_back(sent.kind);
        return kinds;
    }
    void forget() {
        m_trace.clear();
        m_context.dropped.clear();
        m_context.sent.clear();
        m_context.woken.clear();
    }

    call_trace m_trace;
    picoseconds m_time{};  // of the next command
    random_source m_random{1};
    receive_context m_context{m_trace, m_random, milliseconds(1000)};
    network_namespace m_net;
    sk_buff m_skb;
    std::uint64_t m_number = 0;

private:
    void add_device(const char* name) {
        auto& dev = m_net.devices.add(name);
        m_net.routing.device_registered(dev);
        m_net.routing.link_up(dev);
    }
};

}  // namespace rxpath
