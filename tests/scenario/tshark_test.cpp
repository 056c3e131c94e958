// The counts that the model gives for a capture are those of tshark, which reads the same file in its own way.
#include <gtest/gtest.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

class Tshark : public program_test, public testing::WithParamInterface<const char*> {
protected:
    // Frames that the recorded host received and that match.
    std::size_t count(const std::string& filter) const {
        const auto file = shipped(std::string("data/") + GetParam() + ".pcap");
        const auto found = shell(TSHARK " -r " + file + " -Y '" + filter + "' -T fields -e frame.number");
        return static_cast<std::size_t>(std::count(found.out.begin(), found.out.end(), '\n'));
    }
};

TEST_P(Tshark, AgreesOnPacketsConnectionsResetsAndDrops) {
    if (std::string(TSHARK).empty()) GTEST_SKIP() << "tshark is not installed";
    const auto run = rxpath("run --json " + shipped(std::string("replay/") + GetParam() + ".toml"));
    ASSERT_EQ(run.status, 0) << run.err;
    const auto statistics = run.json().at("statistics");
    const std::string in = "ip.dst == 10.0.0.1", out = "ip.src == 10.0.0.1";
    EXPECT_EQ(statistics.at("packets.received"), count(in));
    EXPECT_EQ(statistics.at("tcp.syns_received"), count(in + " && tcp.flags.syn == 1"));
    EXPECT_EQ(statistics.at("tcp.fins_received"), count(in + " && tcp.flags.fin == 1"));
    EXPECT_EQ(statistics.at("tcp.resets_received"), count(in + " && tcp.flags.reset == 1"));
    EXPECT_EQ(statistics.at("tcp.resets_sent"), count(out + " && tcp.flags.reset == 1"));
    EXPECT_EQ(statistics.at("drops.NO_SOCKET"), count(out + " && tcp.flags.reset == 1"));  // what a closed port answers
    EXPECT_EQ(statistics.at("tcp.connections_established"),
              count(out + " && tcp.flags.syn == 1 && tcp.flags.ack == 1"));
}

INSTANTIATE_TEST_SUITE_P(Captures, Tshark, testing::Values("bulk", "http", "redis", "scan"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace rxpath
