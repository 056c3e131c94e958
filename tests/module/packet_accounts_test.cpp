// What a packet costs of what several have in common, in whole hosts.
#include "simulated_host.h"

namespace rxpath {
namespace {

using testing::Each;
using testing::Field;
using testing::SizeIs;

measurements measure_records(host_spec spec) {
    spec.keep_packet_records = true;
    return measure(spec);
}

// All frames are in the ring before the interrupt: one poll takes them, and its application reads them together.
host_spec make_burst(std::uint64_t packets) {
    auto spec = make_udp_host(packets, nanoseconds(100));
    spec.nics[0].interrupt_latency = microseconds(100);
    return spec;
}

std::uint64_t fixed_share(const measurements& result, fixed_cost what) {
    std::uint64_t share = 0;
    for (const auto& each : result.explained.fixed)
        if (each.what == what) share += each.share;
    return share;
}

TEST(packet_accounts, PacketAloneBearsItsInterruptItsWakeUpAndItsRead) {
    auto spec = make_udp_host(3, microseconds(100));
    spec.explain_packet = 2;
    const auto result = measure_records(spec);
    EXPECT_EQ(fixed_share(result, fixed_cost::interrupt), spec.cpu.irq_cycles);
    EXPECT_EQ(fixed_share(result, fixed_cost::wakeup), spec.application.wakeup_cycles);
    EXPECT_EQ(fixed_share(result, fixed_cost::read), spec.application.read_cycles);
    EXPECT_THAT(result.explained.fixed, Each(Field(&explained_fixed_cost::packets, 1u)));
}

TEST(packet_accounts, PacketsOfOnePollShareItsInterrupt) {
    auto spec = make_burst(10);
    spec.explain_packet = 3;
    const auto result = measure_records(spec);
    ASSERT_EQ(result.polls, 1u);
    EXPECT_EQ(fixed_share(result, fixed_cost::interrupt), spec.cpu.irq_cycles / 10);
}

// The lines that rxpath explain prints: their sum is the packet's account, but for what whole cycles add.
TEST(packet_accounts, SharesOfTheCallsSumUpToTheAccount) {
    auto spec = make_burst(20);
    spec.explain_packet = 13;
    const auto result = measure_records(spec);
    std::int64_t instructions = 0;
    std::uint64_t whole_cycles = 0;
    for (const auto& work : result.explained.work) {
        double cycles_of_calls = 0;
        for (const auto& call : work.calls) instructions += call.instructions, cycles_of_calls += call.cycles;
        EXPECT_NEAR(cycles_of_calls, static_cast<double>(work.whole_cycles), 10);
        whole_cycles += work.whole_cycles;
    }
    for (const auto& each : result.explained.fixed) whole_cycles += each.share;
    const auto all = result.packets[12].all();
    EXPECT_EQ(static_cast<std::uint64_t>(instructions), all.instructions + all.context_instructions);
    EXPECT_EQ(whole_cycles, all.core_cycles);
}

// Packets of one list take the same way, but for the first, which is routed, and the last, which fills the list:
// whoever of them gets more of what they share gets little more.
TEST(packet_accounts, PacketsOfOneListHaveAsManyInstructions) {
    const auto result = measure_records(make_burst(8));
    const auto instructions = [&](std::size_t i) {
        return static_cast<double>(result.packets.at(i).all().instructions);
    };
    for (std::size_t i = 2; i < 7; ++i) EXPECT_NEAR(instructions(i), instructions(1), 0.05 * instructions(1)) << i;
}

TEST(packet_accounts, ForwardedPacketHasItsDeviceAndItsGateway) {
    const auto result = measure_records(make_forwarding_host(20));
    ASSERT_THAT(result.forwarded_by, SizeIs(1));
    EXPECT_EQ(result.forwarded_by.begin()->second, 20u);
    const auto& packet = result.packets.back();
    EXPECT_EQ(result.devices.at(static_cast<std::size_t>(packet.arrived_on)), "nic0");
    EXPECT_EQ(result.devices.at(static_cast<std::size_t>(packet.left_by)), "nic1");
    EXPECT_EQ(packet.next_hop.to_string(), "10.0.1.2");
}

TEST(packet_accounts, DeliveredPacketLeavesByNoDevice) {
    const auto result = measure_records(make_udp_host(3, microseconds(100)));
    EXPECT_THAT(result.packets, Each(Field(&packet_record::left_by, 0)));
    EXPECT_TRUE(result.forwarded_by.empty());
}

}  // namespace
}  // namespace rxpath
