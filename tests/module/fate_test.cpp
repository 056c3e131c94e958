// The accounts by fate: packets are told apart by what became of them, and their costs add up to the run's.
#include "simulated_host.h"

namespace rxpath {
namespace {

measurements measure_fates(host_spec spec) {
    spec.keep_fates = true;
    return measure(spec);
}

std::uint64_t packets_of(const fate_accounts& fates, place_in_run place) {
    std::uint64_t packets = 0;
    for (const auto& [fate, account] : fates)
        if (fate.place == place) packets += account.packets;
    return packets;
}

TEST(fates, CostsOfAllFatesAreThoseOfTheStages) {
    const auto result = measure_fates(make_tcp_host(50));
    for (std::size_t i = 0; i < stage_count; ++i) {
        double cycles_of_fates = 0;
        for (const auto& [fate, account] : result.fates) cycles_of_fates += account.stages[i].cycles;
        const auto expected = is_on_path(static_cast<stage>(i)) ? result.stages[i].core_cycles : 0;
        EXPECT_NEAR(cycles_of_fates, static_cast<double>(expected), 1e-6) << to_string(static_cast<stage>(i));
    }
}

TEST(fates, FunctionsOfAFateAddUpToItsStages) {
    const auto result = measure_fates(make_tcp_host(50));
    for (const auto& [fate, account] : result.fates) {
        double of_stages = 0, of_functions = 0;
        for (const auto& done : account.stages) of_stages += done.instructions + done.context_instructions;
        for (const auto& done : account.functions) of_functions += done.instructions;
        EXPECT_NEAR(of_functions, of_stages, 1e-6 * of_stages);
    }
}

TEST(fates, HandshakeHasOthersThanData) {
    const auto result = measure_fates(make_tcp_host(50));
    std::uint64_t delivered = 0, consumed = 0;
    for (const auto& [fate, account] : result.fates)
        (fate.outcome == packet_outcome::delivered ? delivered : consumed) += account.packets;
    EXPECT_EQ(consumed, 2u);  // SYN and ACK
    EXPECT_EQ(delivered, 48u);
}

TEST(fates, PacketsThatShareAPollAreToldApartByTheirPlace) {
    auto spec = make_udp_host(16, nanoseconds(100));
    spec.nics[0].interrupt_latency = microseconds(100);  // one poll finds them all
    const auto result = measure_fates(spec);
    EXPECT_EQ(packets_of(result.fates, place_in_run::alone), 0u);
    EXPECT_EQ(packets_of(result.fates, place_in_run::first), 1u);
    EXPECT_EQ(packets_of(result.fates, place_in_run::later), 15u);
}

TEST(fates, NobodyAsksNobodyKeeps) {
    host simulated{make_tcp_host(10)};
    simulated.run();
    EXPECT_TRUE(simulated.measured().fates.empty());
}

}  // namespace
}  // namespace rxpath
