// What users bring: captures as they are found in the world, destinations that the host's configuration makes its own.
#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

class BroughtInput : public program_test {
protected:
    nlohmann::json run(const std::string& name) {
        const auto finished = rxpath("run --json " RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name);
        EXPECT_EQ(finished.status, 0) << finished.err;
        return finished.json();
    }
};

// With a timer tick every jiffy, the ten years would be 79 thousand million of them.
TEST_F(BroughtInput, IdleTimeCostsNothing) {
    const auto day = run("gap_one_day.toml");
    EXPECT_EQ(day["statistics"]["packets.delivered"], 2);
    EXPECT_NEAR(day["statistics"]["simulated_ns"].get<double>(), 86'400e9, 1e9);
    EXPECT_TRUE(day["notes"].empty());
}

TEST_F(BroughtInput, TimeThatNoClockHoldsIsLeftOutAndSaid) {
    const auto years = run("gap_ten_years.toml");
    EXPECT_EQ(years["statistics"]["packets.delivered"], 2);
    EXPECT_NEAR(years["statistics"]["simulated_ns"].get<double>(), 25 * 86'400e9, 1e9);
    const std::string note =
        "gap_ten_years.pcap: 1 time without a frame longer than 25 days; 3,662 days of it are left out";
    EXPECT_EQ(years["notes"], nlohmann::json::array({note}));
    const auto text = rxpath("run " RXPATH_SOURCE_DIR "/tests/scenario/data/reports/gap_ten_years.toml");
    EXPECT_THAT(text.out, testing::HasSubstr(note));
}

// 44 bytes each: on a wire of 10 Gbit/s a frame of 4 GB would take 3 seconds.
TEST_F(BroughtInput, FramesWithoutALengthAreAsLongAsTheirIpHeaderSays) {
    const auto syns = run("length_0.toml");
    EXPECT_EQ(syns["statistics"]["packets.received"], 3);
    EXPECT_LT(syns["statistics"]["simulated_ns"].get<double>(), 1e6);
}

TEST_F(BroughtInput, LocalRouteMakesAnAddressTheHostsOwn) {
    EXPECT_EQ(run("anyip.toml")["statistics"]["packets.delivered"], 20);
}

TEST_F(BroughtInput, GroupThatWasJoinedIsReceivedByItsMac) {
    const auto group = run("multicast_flow.toml")["statistics"];
    EXPECT_EQ(group["packets.delivered"], 20);
    EXPECT_EQ(group["early_demux.dst_reused"], 19);
}

}  // namespace
}  // namespace rxpath
