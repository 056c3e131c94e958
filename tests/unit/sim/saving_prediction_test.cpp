#include "sim/hardware/saving_prediction.h"

#include <gmock/gmock.h>

#include "sim/hardware/write_path.h"
#include "sim/support/error.h"

namespace rxpath {
namespace {

using testing::Contains;

host_spec host_of(std::string_view configuration, const std::vector<setting>& settings = {}) {
    return measured_host(parse_configuration(configuration), true, settings);
}

TEST(SavingPrediction, HostIsThatOfTheMeasurement) {
    const auto spec = host_of("rules=1,flows=16,payload=500");
    EXPECT_THAT(spec.setup, Contains("ip rule add from 203.0.113.1 lookup main"));
    EXPECT_EQ(spec.flows.front().connections, 16u);
    EXPECT_EQ(spec.flows.front().payload.value, 500u);
    EXPECT_FALSE(spec.nics.front().checksum_offload);
    EXPECT_EQ(spec.cpu.irq_cycles, 0u);
}

TEST(SavingPrediction, PureAcksCarryNoPayload) { EXPECT_EQ(host_of("ack_only=1").flows.front().payload.value, 0u); }

TEST(SavingPrediction, EarlyDemuxIsWhatDiffers) {
    EXPECT_EQ(measured_host({}, true, {}).setup.back(), "sysctl net.ipv4.tcp_early_demux=1");
    EXPECT_EQ(measured_host({}, false, {}).setup.back(), "sysctl net.ipv4.tcp_early_demux=0");
}

TEST(SavingPrediction, WholeRoundsAreCounted) {
    for (const auto* configuration : {"flows=1", "flows=16", "flows=300", "flows=16384"}) {
        const auto spec = host_of(configuration);
        const auto counted = spec.packets - spec.warmup_packets;
        EXPECT_EQ(counted % spec.flows.front().connections, 0u) << configuration;
        EXPECT_GE(counted, 2000u) << configuration;
    }
}

TEST(SavingPrediction, SettingChangesTheHost) {
    EXPECT_DOUBLE_EQ(host_of("flows=1", {{"cpu.frequency", "2GHz"}}).cpu.numbers.at("frequency"), 2);
}

TEST(SavingPrediction, SettingThatIsNoParameterIsAnError) {
    EXPECT_THROW(host_of("flows=1", {{"cpu.frequenzy", "2GHz"}}), input_error);
    EXPECT_THROW(predict_savings({{}}, {{"net.ipv4.conf.nic7.rp_filter", "1"}}), input_error);
}

TEST(SavingPrediction, TrafficIsTheMeasurementsAndCannotBeSet) {
    for (const auto* name : {"run.packets", "run.warmup_packets", "flow.payload", "flow.connections"})
        EXPECT_THROW(host_of("flows=1", {{name, "1"}}), input_error) << name;
}

TEST(SavingPrediction, ProfileThatIsNotThereIsAnError) {
    EXPECT_THROW(predict_savings({{}}, {{"cpu.profile", "/nowhere/x.csv"}}), input_error);
}

TEST(SavingPrediction, SavingIsWhatEarlyDemuxTakesLess) {
    const saving_prediction predicted{1100, 1000};
    EXPECT_DOUBLE_EQ(predicted.saved_cycles(), 100);
    EXPECT_DOUBLE_EQ(predicted.saved_share(), 0.1);
}

// As long as a write() took in the six runs of sim/hardware/measurements/native.csv: on_tsc by tsc_per_core_cycle.
TEST(SavingPrediction, BasePacketTakesAsLongAsMeasured) {
    const auto on = predict_savings({{}}, {}).front().on_cycles;
    EXPECT_GE(on, 10'271);
    EXPECT_LE(on, 13'539);
}

// 2293 instructions at 2 cycles, 57 returns at 3, 2 indirect calls at 5; all code is at hand; 1600 bytes at 16 a cycle.
TEST(WritePath, PayloadIsPricedAsACopy) {
    host_spec host;
    host.cpu.numbers = {{"base_cycles_per_instruction", 2},
                        {"safe_return", 3},
                        {"retpoline", 5},
                        {"exposed_fetch", 0},
                        {"cold_mispredictions", 0}};
    host.application.copy_bytes_per_cycle = 16;
    EXPECT_DOUBLE_EQ(write_path_cycles(host, 0), 4586 + 171 + 10);
    EXPECT_DOUBLE_EQ(write_path_cycles(host, 1600), 4586 + 171 + 10 + 100);
}

}  // namespace
}  // namespace rxpath
