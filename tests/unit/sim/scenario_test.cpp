#include "sim/scenario/scenario.h"

#include <gmock/gmock.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class Scenario : public scenario_folder {};

TEST_F(Scenario, FirstCommentIsTheTitle) { EXPECT_EQ(load(sound_scenario).title, "One flow."); }

TEST_F(Scenario, HostWithoutNicsAndSetupHasOneNicWithAnAddressAndADefaultRoute) {
    const auto host = load(sound_scenario).host;
    ASSERT_EQ(host.nics.size(), 1u);
    EXPECT_EQ(host.nics[0].name, "nic0");
    EXPECT_THAT(host.setup, ElementsAre("ip addr add 10.0.0.1/24 dev nic0", "ip route add default via 10.0.0.2"));
}

TEST_F(Scenario, FlowHasItsEndsAndItsParameters) {
    const auto host = load(std::string(sound_scenario) + "payload = \"64B\"\nrate = \"1Mpps\"\nclose = true\n").host;
    ASSERT_EQ(host.flows.size(), 1u);
    const auto& flow = host.flows[0];
    EXPECT_EQ(flow.type, flow_spec::kind::tcp);
    EXPECT_EQ(flow.from.to_string(), "10.0.0.2:40000");
    EXPECT_EQ(flow.to.to_string(), "10.0.0.1:80");
    EXPECT_EQ(flow.payload.value, 64u);
    EXPECT_EQ(flow.interval, microseconds(1));
    EXPECT_TRUE(flow.close);
}

TEST_F(Scenario, CoreNumbersAreKeysWithADotOrOfATable) {
    const auto dotted = load(std::string(sound_scenario) + "[cpu]\nmodel = \"neoverse-n1\"\nl2.size = \"512KiB\"\n");
    const auto table = load(std::string(sound_scenario) + "[cpu.l2]\nsize = \"512KiB\"\n");
    EXPECT_EQ(dotted.host.cpu.model, "neoverse-n1");
    for (const auto* each : {&dotted, &table}) {
        ASSERT_EQ(each->host.cpu.numbers.size(), 1u);
        EXPECT_EQ(each->host.cpu.numbers.at("l2.size"), 512 * 1024);
    }
}

TEST_F(Scenario, ScanHasItsPorts) {
    const auto host =
        load("[[flow]]\nsyn_scan = { from = \"10.0.0.2:1000\", to = \"10.0.0.1:1\", ports = 600 }\n").host;
    EXPECT_EQ(host.flows[0].type, flow_spec::kind::syn_scan);
    EXPECT_EQ(host.flows[0].ports, 600u);
}

TEST_F(Scenario, NicsKeepTheOrderOfTheFile) {
    const auto host = load(std::string(sound_scenario) + "[nic.nic1]\n[nic.nic0]\nring = 16\n[host]\n" +
                           "setup = [\"ip addr add 10.0.0.1/24 dev nic0\"]\n")
                          .host;
    ASSERT_EQ(host.nics.size(), 2u);
    EXPECT_EQ(host.nics[0].name, "nic1");
    EXPECT_EQ(host.nics[1].ring, 16u);
}

TEST_F(Scenario, TimedCommandsHaveTheirTime) {
    const auto host =
        load(std::string(sound_scenario) + "[[at]]\ntime = \"40ms\"\ndo = \"ip route add 192.0.2.0/24 via 10.0.0.2\"\n")
            .host;
    ASSERT_EQ(host.at.size(), 1u);
    EXPECT_EQ(host.at[0].time, milliseconds(40));
}

TEST_F(Scenario, CompareGivesAllCombinationsInTheOrderWritten) {
    const auto loaded =
        load(std::string(sound_scenario) +
             "[compare]\n\"net.ipv4.tcp_early_demux\" = [1, 0]\n\"flow.payload\" = [\"64B\", \"128B\"]\n");
    std::vector<std::string> names;
    for (const auto& each : loaded.variants) names.push_back(each.name());
    EXPECT_THAT(
        names,
        ElementsAre("flow.payload=64B net.ipv4.tcp_early_demux=1", "flow.payload=64B net.ipv4.tcp_early_demux=0",
                    "flow.payload=128B net.ipv4.tcp_early_demux=1", "flow.payload=128B net.ipv4.tcp_early_demux=0"));
    EXPECT_EQ(loaded.with(loaded.variants[3]).flows[0].payload.value, 128u);
    EXPECT_EQ(loaded.with(loaded.variants[3]).setup.back(), "sysctl net.ipv4.tcp_early_demux=0");
}

TEST_F(Scenario, SettingsOverrideTheFile) {
    const auto loaded = load_scenario(write(sound_scenario), {{"run.packets", "7"}});
    EXPECT_EQ(loaded.host.packets, 7u);
}

TEST_F(Scenario, IdentityIgnoresCommentsAndSeesValuesAndSettings) {
    const auto file = write(sound_scenario);
    const auto identity = load_scenario(file).identity;
    EXPECT_EQ(load_scenario(write("# other\n" + std::string(sound_scenario), "other.toml")).identity, identity);
    EXPECT_NE(load_scenario(file, {{"run.seed", "2"}}).identity, identity);
    EXPECT_NE(load(std::string(sound_scenario) + "payload = \"64B\"\n").identity, identity);
}

TEST_F(Scenario, ExpectationsHaveTheirLine) {
    const auto loaded = load(std::string(sound_scenario) + "[expect]\n\"packets.dropped\" = 0\n");
    ASSERT_EQ(loaded.expectations.size(), 1u);
    EXPECT_EQ(loaded.expectations[0].line, 9u);
    EXPECT_TRUE(loaded.expectations[0].holds(0));
    EXPECT_FALSE(loaded.expectations[0].holds(1));
}

TEST_F(Scenario, ExpectationsOfTheVariantsAreKeptApart) {
    const auto loaded = load(std::string(sound_scenario) +
                             "[compare]\n\"net.ipv4.tcp_early_demux\" = [1, 0]\n"
                             "[expect]\n\"packets.dropped\" = 0\n\"saved.cycles_per_packet\" = \"> 0\"\n");
    ASSERT_EQ(loaded.compared_expectations.size(), 1u);
    EXPECT_EQ(loaded.compared_expectations[0].statistic, "saved.cycles_per_packet");
    ASSERT_EQ(loaded.expectations.size(), 1u);
    EXPECT_EQ(loaded.expectations[0].statistic, "packets.dropped");
}

}  // namespace
}  // namespace rxpath
