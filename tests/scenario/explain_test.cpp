#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "sim/support/text.h"
#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class Explain : public program_test {
protected:
    std::string explained(const std::string& more) const {
        return rxpath("explain --packet 10 --set run.packets=20 " + shipped("established/cached_vs_full.toml") + more)
            .out;
    }
    static std::string given(const std::string& name) {
        return RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name;
    }
    // packets.csv of a run: a map a row, by the names of the columns.
    std::vector<std::map<std::string, std::string>> packets_of(const std::string& run) const {
        EXPECT_LT(rxpath("run " + run + " --quiet --out " + path("out")).status, 2);  // 1: an [expect] of more packets
        std::istringstream csv(read(path("out/packets.csv")));
        std::string line;
        std::getline(csv, line);
        const auto names = split(line, ',');
        std::vector<std::map<std::string, std::string>> rows;
        while (std::getline(csv, line)) {
            const auto fields = split(line, ',');
            auto& row = rows.emplace_back();
            for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = fields.at(i);
        }
        return rows;
    }
    static double sum_of(const std::vector<std::map<std::string, std::string>>& rows, const std::string& column) {
        double sum = 0;
        for (const auto& row : rows) sum += std::stod(row.at(column));
        return sum;
    }
    // Whatever the packets shared: their rows add up to what the run says of them all.
    void expect_rows_to_add_up(const std::string& scenario) const {
        const auto rows = packets_of(scenario);
        const auto statistics = nlohmann::json::parse(read(path("out/statistics.json"))).at("statistics");
        const auto packets = statistics.at("packets.received").get<double>();
        for (const std::string column : {"instructions", "context_instructions", "cycles"})
            EXPECT_NEAR(sum_of(rows, column), statistics.at(column + "_per_packet").get<double>() * packets, 0.5)
                << scenario << ": " << column;
    }
};

// A hit and a full lookup part where ip_rcv_finish_core() calls early demux or not, and so the route lookup or not.
TEST_F(Explain, HitAndFullLookupPartAtTheRoute) {
    const auto hit = explained(""), full = explained(" --set net.ipv4.tcp_early_demux=0");
    EXPECT_THAT(hit, HasSubstr("early demux: dst_reused; dst from: early_demux"));
    EXPECT_THAT(full, HasSubstr("early demux: protocol_off; dst from: nexthop_cache"));
    EXPECT_THAT(hit, HasSubstr(" tcp_v4_early_demux"));
    EXPECT_THAT(hit, Not(HasSubstr(" fib_table_lookup")));
    EXPECT_THAT(full, HasSubstr(" fib_table_lookup"));
    EXPECT_THAT(full, Not(HasSubstr(" tcp_v4_early_demux:")));
    for (const auto& text : {hit, full}) EXPECT_THAT(text, HasSubstr(" tcp_rcv_established"));
}

TEST_F(Explain, DecisionsHaveReasons) { EXPECT_THAT(explained(""), HasSubstr(" > ")); }

// The packet after a change of routes: its socket's dst is of an older generation, and came by the same interface.
TEST_F(Explain, DstOfAnOldGenerationIsGivenUpForThat) {
    const auto text =
        rxpath("explain --packet 4001 " + shipped("routing/route_change_under_traffic.toml") + " --json").out;
    EXPECT_THAT(text, HasSubstr("sk_rx_dst may not be used again: the dst is of generation"));
    EXPECT_THAT(text, HasSubstr("the socket gives sk_rx_dst up: the dst is of generation"));
    EXPECT_THAT(text, Not(HasSubstr("learnt on")));
}

TEST_F(Explain, RowsAddUpToTheRun) {
    expect_rows_to_add_up(shipped("established/cached_vs_full.toml") + " --set run.packets=500");
    expect_rows_to_add_up(given("ecmp_which_hop.toml"));
}

TEST_F(Explain, SumIsThePacketsRow) {
    const auto scenario = given("ecmp_which_hop.toml");
    const auto rows = packets_of(scenario);
    const auto walk = rxpath("explain " + scenario + " --packet 2000 --json").json();
    const auto& row = rows.at(1999);
    EXPECT_EQ(std::to_string(walk.at("cycles").get<std::uint64_t>()), row.at("cycles"));
    EXPECT_EQ(std::to_string(walk.at("instructions").get<std::uint64_t>()), row.at("instructions"));
    double cycles = 0, instructions = 0;
    for (const auto& part : walk.at("parts")) {
        cycles += part.at("cycles").get<double>();
        for (const auto& call : part.at("calls")) instructions += call.at("instructions").get<double>();
    }
    for (const auto& each : walk.at("fixed")) cycles += each.at("cycles").get<double>();
    EXPECT_EQ(cycles, walk.at("cycles").get<double>());
    EXPECT_EQ(instructions, walk.at("instructions").get<double>() + walk.at("context_instructions").get<double>());
}

// Of a poll with 40 packets, one packet's walk has its own calls and those that lead to them.
TEST_F(Explain, OtherPacketsOfThePollAreLeftOut) {
    const auto text = rxpath("explain " + given("ecmp_which_hop.toml") + " --packet 2000").out;
    EXPECT_THAT(split(text, '\n'), SizeIs(testing::Lt(200)));
    EXPECT_THAT(text, AllOf(HasSubstr("left out: "), HasSubstr("other packets of this softirq")));
    EXPECT_THAT(text, HasSubstr(" 1/"));
}

// Each of two next hops gets its share of the flows; the walk, the table of packets and the counts say which.
TEST_F(Explain, NextHopOfEachPacketIsSaid) {
    const auto scenario = given("ecmp_which_hop.toml");
    std::map<std::string, std::size_t> by_hop;
    const auto rows = packets_of(scenario);
    for (const auto& row : rows) ++by_hop[row.at("left_by") + " " + row.at("next_hop")];
    ASSERT_THAT(by_hop, SizeIs(2));
    EXPECT_GT(by_hop["nic1 10.0.1.2"], 1000u);
    EXPECT_GT(by_hop["nic2 10.0.2.2"], 1000u);

    for (const auto& part : rxpath("run " + scenario + " --json").json().at("forwarded"))
        EXPECT_EQ(part.at("packets"),
                  by_hop[part.at("device").get<std::string>() + " " + part.at("gateway").get<std::string>()]);
    const auto walk = rxpath("explain " + scenario + " --packet 2000 --json").json();
    EXPECT_EQ(walk.at("left_by"), rows[1999].at("left_by"));
    EXPECT_EQ(walk.at("next_hop"), rows[1999].at("next_hop"));
    EXPECT_THAT(rxpath("run " + scenario).out, AllOf(HasSubstr("nic1          10.0.1.2"), HasSubstr("forwarded by")));
}

TEST_F(Explain, DeliveredPacketsHaveNoNextHop) {
    const auto rows = packets_of(shipped("established/cached_vs_full.toml") + " --set run.packets=20");
    for (const auto& row : rows) {
        EXPECT_EQ(row.at("arrived_on"), "nic0");
        EXPECT_EQ(row.at("left_by") + row.at("next_hop"), "");
    }
    EXPECT_THAT(explained(""), Not(HasSubstr("left by")));
}

TEST_F(Explain, LinesAreAsWideAsTheTerminal) {
    const auto command = RXPATH_PROGRAM " explain --packet 4001 " + shipped("routing/route_change_under_traffic.toml");
    for (const std::size_t width : {80, 120}) {
        const auto lines = split(shell("COLUMNS=" + std::to_string(width) + " " + command).out, '\n');
        EXPECT_THAT(lines, Each(SizeIs(testing::Le(width))));
    }
}

TEST_F(Explain, WordsAreExplainedWhereTheyOccur) {
    const auto hit = explained("");
    EXPECT_THAT(hit, AllOf(HasSubstr("\ndst: "), HasSubstr("\nsoftirq: "), HasSubstr("\nNOREF: "),
                           HasSubstr("\nearly demux: "), HasSubstr("\ncontext: ")));
    EXPECT_THAT(hit, HasSubstr("\nFIB: "));  // that none was looked up in
    EXPECT_THAT(hit, Not(HasSubstr("\nnext hop: ")));
    EXPECT_THAT(explained(" --set net.ipv4.tcp_early_demux=0"), HasSubstr("\nnext hop: "));
}

TEST_F(Explain, VariantIsSetBesideTheScenario) {
    for (const std::string variant : {"2", "net.ipv4.tcp_early_demux=0"}) {
        const auto text = explained(" --against " + variant);
        EXPECT_THAT(text, HasSubstr("+ net.ipv4.tcp_early_demux=0\n"));
        EXPECT_THAT(text, testing::ContainsRegex("\n- .* tcp_v4_early_demux"));
        EXPECT_THAT(text, testing::ContainsRegex("\n\\+ .* fib_table_lookup"));
        EXPECT_THAT(text, HasSubstr("calls alike"));
    }
}

// What the kernel saves in the same place: tests/conformance/data has both walks.
TEST_F(Explain, DifferenceOfTwoWalksIsTheSavingOfARun) {
    const auto compared =
        rxpath("explain --packet 15000 " + shipped("established/cached_vs_full.toml") + " --against 2 --json").json();
    std::int64_t saved = 0;
    for (const auto& each : compared.at("walks")) {
        const auto& walk = each.at("walk");
        saved = walk.at("instructions").get<std::int64_t>() - saved;
    }
    EXPECT_EQ(saved, 523);
}

TEST_F(Explain, UnknownVariantIsRefusedWithThoseThatAre) {
    const auto refused = rxpath("explain --packet 10 " + shipped("established/cached_vs_full.toml") + " --against 3");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("--against: found 3, allowed: KEY=VALUE, 1 (net.ipv4.tcp_early_demux=1), 2 ("));
}

TEST_F(Explain, UnknownParameterOfAVariantIsRefused) {
    const auto refused =
        rxpath("explain --packet 10 " + shipped("established/cached_vs_full.toml") + " --against nonsense=1");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("nonsense"));
}

TEST_F(Explain, NumberThatNoPacketHasIsRefused) {
    for (const std::string number : {"0", "=-1", "=many"}) {
        const auto given = number.front() == '=' ? number : " " + number;
        EXPECT_EQ(rxpath("explain --packet" + given + " " + shipped("established/cached_vs_full.toml")).status, 2);
    }
}

TEST_F(Explain, PacketThatDidNotComeIsRefused) {
    for (const std::string more : {"", " --against 2"}) {
        const auto refused =
            rxpath("explain --packet 21 --set run.packets=20 " + shipped("established/cached_vs_full.toml") + more);
        EXPECT_EQ(refused.status, 2);
        EXPECT_THAT(refused.err, HasSubstr("--packet: found 21, allowed: 1 to 20"));
        EXPECT_EQ(refused.out, "");
    }
}

}  // namespace
}  // namespace rxpath
