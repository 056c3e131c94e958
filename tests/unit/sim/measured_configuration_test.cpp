#include "sim/hardware/measured_configuration.h"

#include <gmock/gmock.h>

#include "sim/scenario/trial_host.h"
#include "sim/support/error.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(std::string_view text) {
    try {
        parse_configuration(text);
    } catch (const input_error& error) {
        return error.messages().front();
    }
    return "";
}

TEST(MeasuredConfiguration, WhatIsNotNamedIsAsInTheBase) {
    const auto parsed = parse_configuration("rules=8,flows=16");
    EXPECT_EQ(parsed.rules, 8u);
    EXPECT_EQ(parsed.flows, 16u);
    EXPECT_EQ(parsed.payload, 100u);
    EXPECT_EQ(parsed.rp_filter, 0u);
}

TEST(MeasuredConfiguration, IsNamedByWhatDiffersFromTheBase) {
    EXPECT_EQ(to_string(parse_configuration("flows=16,rules=8")), "rules=8 flows=16");  // in the columns' order
    EXPECT_EQ(to_string(parse_configuration("flows=1")), "base");
}

TEST(MeasuredConfiguration, UnknownNameIsAnErrorWithTheLikelyOne) {
    EXPECT_THAT(error_of("rule=8"), HasSubstr("found \"rule\""));
    EXPECT_THAT(error_of("rule=8"), HasSubstr("did you mean rules?"));
}

TEST(MeasuredConfiguration, NumberOutOfItsRangeIsAnErrorWithTheRange) {
    EXPECT_EQ(error_of("flows=0"), "--config: flows: found \"0\", allowed: 1 to 50000");
    EXPECT_EQ(error_of("payload=1461"), "--config: payload: found \"1461\", allowed: 0 to 1460");
    EXPECT_EQ(error_of("rules=-1"), "--config: rules: found \"-1\", allowed: 0 to 250");
    EXPECT_EQ(error_of("rules=8x"), "--config: rules: found \"8x\", allowed: 0 to 250");
    EXPECT_EQ(error_of("rules=99999999999"), "--config: rules: found \"99999999999\", allowed: 0 to 250");
}

TEST(MeasuredConfiguration, PartWithoutANumberIsAnError) {
    EXPECT_THAT(error_of("flows"), HasSubstr("found \"flows\", allowed: NAME=NUMBER"));
    EXPECT_THAT(error_of(""), HasSubstr("allowed: NAME=NUMBER"));
}

TEST(MeasuredConfiguration, RulesAndRoutesFollowTheAddress) {
    EXPECT_THAT(setup_commands(parse_configuration("rules=1,routes=2,rp_filter=1"), "nic0"),
                ElementsAre("ip addr add 10.0.0.1/24 dev nic0", "sysctl net.ipv4.conf.all.rp_filter=0",
                            "sysctl net.ipv4.conf.nic0.rp_filter=1", "ip rule add from 203.0.113.1 lookup main",
                            "ip route add 11.0.0.0/24 via 10.0.0.2", "ip route add 11.0.1.0/24 via 10.0.0.2"));
}

TEST(MeasuredConfiguration, ModelTakesTheSetupOfTheLargestHost) {
    trial_host host({nic_spec{}});
    for (const auto& command : setup_commands(parse_configuration("rules=250,routes=1000,rp_filter=2"), "nic0"))
        EXPECT_EQ(host.try_command(command), std::nullopt) << command;
}

TEST(MeasuredConfiguration, LastConnectionStillHasAPort) {
    EXPECT_EQ(measured_client(0).to_string(), "10.0.0.2:10000");
    EXPECT_EQ(measured_client(49'999).to_string(), "10.0.0.2:59999");
}

// 20 rounds outlast the 16 quick ACKs; few connections need more to outlast the growth of their windows.
TEST(MeasuredConfiguration, FewConnectionsWarmUpForLonger) {
    EXPECT_EQ(rounds_before_measuring(parse_configuration("flows=1")), 20'000u);
    EXPECT_EQ(rounds_before_measuring(parse_configuration("flows=100")), 200u);
    EXPECT_EQ(rounds_before_measuring(parse_configuration("flows=16384")), 20u);
}

}  // namespace
}  // namespace rxpath
