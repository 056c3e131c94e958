#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::HasSubstr;

class Run : public program_test {};

const std::string few = " --set run.packets=500";

TEST_F(Run, HelpAndVersionAreOnStandardOutput) {
    EXPECT_THAT(rxpath("--help").out, HasSubstr("compare"));
    EXPECT_THAT(rxpath("run --help").out, HasSubstr("usage: rxpath run FILE"));
    EXPECT_THAT(rxpath("--version").out, testing::StartsWith("rxpath "));
}

TEST_F(Run, TablesNameStagesLatencyAndDecisions) {
    const auto run = rxpath("run " + shipped("established/cached_vs_full.toml"));
    EXPECT_EQ(run.status, 0) << run.err;
    for (const auto* part : {"early_demux", "code lines/packet", "socket_layer", "wire to socket",
                             "wire to application", "p99 ns", "dst_reused"}) {
        EXPECT_THAT(run.out, HasSubstr(part));
    }
}

TEST_F(Run, MitigationsCostInstructionsAndChangeNoDecision) {
    const auto replay = [&](const std::string& options) {
        const std::string recorded = RXPATH_SOURCE_DIR "/tests/conformance/data/forward.json";
        return rxpath("replay " + recorded + options + " --json -").json().at("packets");
    };
    const auto plain = replay(""), mitigated = replay(" --profile linux-6.12-x86_64-mitigations");
    ASSERT_EQ(plain.size(), mitigated.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_EQ(plain[i].at("calls").size(), mitigated[i].at("calls").size());
        EXPECT_GT(mitigated[i].at("cycles"), plain[i].at("cycles"));
    }
}

TEST_F(Run, ReplayNamesTheStepsOfACallWhenAsked) {
    const std::string recorded = RXPATH_SOURCE_DIR "/tests/conformance/data/forward.json";
    const auto packets = rxpath("replay " + recorded + " --steps --json -").json().at("packets");
    bool poll_seen = false;
    for (const auto& call : packets[0].at("calls"))
        if (call[1] == "tun_napi_poll") poll_seen = call[5].dump() == R"([["packet",1]])";
    EXPECT_TRUE(poll_seen);
}

TEST_F(Run, PipedOutputHasNoColourAndNoProgress) {
    const auto run = rxpath("run " + shipped("established/cached_vs_full.toml"));
    EXPECT_THAT(run.out + run.err, testing::Not(HasSubstr("\x1b")));
    EXPECT_THAT(run.out + run.err, testing::Not(HasSubstr("\r")));
}

TEST_F(Run, JsonHasEveryStatisticUnderItsDottedName) {
    const auto statistics = rxpath("run --json " + shipped("tcp/closed_port_scan.toml")).json().at("statistics");
    EXPECT_EQ(statistics.at("drops.NO_SOCKET"), 600);
    EXPECT_EQ(statistics.at("packets.delivered"), 0);
    EXPECT_TRUE(statistics.at("latency.wire_to_socket.p99_ns").is_null());  // nothing was delivered
    EXPECT_GT(statistics.at("wall.packets_per_second"), 0);
}

TEST_F(Run, SameScenarioAndSeedGiveTheSameBytes) {
    const auto scenario = shipped("routing/two_interfaces.toml");
    ASSERT_EQ(rxpath("run -q " + scenario + few + " --out " + path("a")).err.find("could not"), std::string::npos);
    rxpath("run -q " + scenario + few + " --out " + path("b"));
    for (const auto* file : {"statistics.json", "packets.csv", "report.txt"}) {
        EXPECT_FALSE(read(path("a") + "/" + file).empty()) << file;
        EXPECT_EQ(read(path("a") + "/" + file), read(path("b") + "/" + file)) << file;
    }
}

TEST_F(Run, TimingsGiveTheSamePackets) {
    const auto scenario = shipped("established/cached_vs_full.toml");
    rxpath("run -q " + scenario + few + " --timing exact --out " + path("exact"));
    rxpath("run -q " + scenario + few + " --timing fast --out " + path("fast"));
    EXPECT_FALSE(read(path("exact/packets.csv")).empty());
    EXPECT_EQ(read(path("exact/packets.csv")), read(path("fast/packets.csv")));
}

TEST_F(Run, PacketsFileHasARowAPacket) {
    rxpath("run -q " + shipped("established/cached_vs_full.toml") + few + " --out " + path("out"));
    const auto csv = read(path("out/packets.csv"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 501);  // and the header
    EXPECT_EQ(files_in("out"), 3u);
}

TEST_F(Run, ExpectationThatFailsIsExitStatusOneAndSaysWhatWasFound) {
    auto text = read(shipped("tcp/closed_port_scan.toml"));
    text.replace(text.find("\"drops.NO_SOCKET\" = 600"), 23, "\"drops.NO_SOCKET\" = 599");
    const auto run = rxpath("run -q " + write("scan.toml", text));
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, HasSubstr("drops.NO_SOCKET: expected 599, found 600"));
}

}  // namespace
}  // namespace rxpath
