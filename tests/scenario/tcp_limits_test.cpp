// Limits of a listener, and answers that have no way back, from the command line.
#include "tests/scenario/program.h"

namespace rxpath {
namespace {

class TcpLimits : public program_test {
protected:
    nlohmann::json statistics_of(const std::string& name, const std::string& options = "") const {
        const auto run = rxpath("run " RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name + " --json" + options);
        EXPECT_EQ(run.status, 0) << run.err;
        return run.json().at("statistics");
    }
};

// Twenty SYNs without cookies: Linux asks whether more than `somaxconn` are half open.
TEST_F(TcpLimits, BacklogOfEightAnswersNineSyns) {
    const auto statistics = statistics_of("syn_backlog.toml");
    EXPECT_EQ(statistics.at("tcp.syns_received"), 20);
    EXPECT_EQ(statistics.at("tcp.syn_acks_sent"), 9);
    EXPECT_EQ(statistics.at("tcp.listen_drops"), 11);
}

TEST_F(TcpLimits, SynWithoutAWayBackIsDroppedAndCounted) {
    const auto statistics = statistics_of("no_way_back.toml");
    EXPECT_GT(statistics.at("tcp.syns_received"), 0);
    EXPECT_EQ(statistics.at("tcp.syn_acks_sent"), 0);
    EXPECT_EQ(statistics.at("tcp.listen_drops"), statistics.at("tcp.syns_received"));
    EXPECT_EQ(statistics.at("ip.out_no_routes"), statistics.at("tcp.syns_received"));
    EXPECT_EQ(statistics.at("packets.delivered"), 0);
    EXPECT_EQ(statistics.at("tcp.connections_established"), 0);
}

}  // namespace
}  // namespace rxpath
