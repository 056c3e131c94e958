// The ranking of assumed numbers: what two runs at each end of a range say of a saving.
#include "sim/study/sensitivity.h"

#include <gmock/gmock.h>

namespace rxpath {
namespace {

using testing::HasSubstr;
using testing::Not;

// A packet whose path takes that long.
json run_of(double cycles) {
    const json routing = {{"instructions", 0}, {"context_instructions", 0}, {"cycles", cycles}};
    const json fate = {{"outcome", "delivered"},
                       {"reason", nullptr},
                       {"place", "alone"},
                       {"called", json::array()},
                       {"packets", 1},
                       {"stages", {{"routing", routing}}},
                       {"causes", json::object()},
                       {"functions", json::object()}};
    return {{"fates", json::array({fate})}};
}

// Two variants, the first 100 cycles cheaper.
class Sensitivity : public testing::Test {
protected:
    Sensitivity() {
        m_from.variants = {{{{"net.ipv4.tcp_early_demux", "1"}}}, {{{"net.ipv4.tcp_early_demux", "0"}}}};
        for (std::size_t i = 0; i < 4 * assumed_parameters().size(); ++i)
            m_runs.push_back(run_of(i % 2 == 0 ? 50 : 150));
    }
    // At the low and the high end of an assumed number, the saving is this.
    void saves(std::size_t number, double at_low, double at_high) {
        m_runs[4 * number + 1] = run_of(50 + at_low);
        m_runs[4 * number + 3] = run_of(50 + at_high);
    }
    sensitivity ranked() const { return rank({m_from, {run_of(50), run_of(150)}}, m_runs); }
    static std::string name(std::size_t number) { return std::string(assumed_parameters()[number]->name); }

    scenario m_from;
    std::vector<json> m_runs;
};

TEST_F(Sensitivity, RunsBothVariantsAtBothEndsOfEachNumber) {
    const auto points = points_of_sensitivity(m_from);
    ASSERT_EQ(points.size(), 4 * assumed_parameters().size());
    EXPECT_THAT(points[0].name(), HasSubstr("tcp_early_demux=1 " + name(0) + "="));
    EXPECT_THAT(points[1].name(), HasSubstr("tcp_early_demux=0 " + name(0) + "="));
    EXPECT_EQ(points[0].set.back().text, points[1].set.back().text);
    EXPECT_NE(points[0].set.back().text, points[2].set.back().text);
    EXPECT_EQ(points[4].set.back().name, name(1));
}

TEST_F(Sensitivity, LargestSwingComesFirst) {
    saves(0, 90, 120);
    saves(1, 160, 80);  // the saving falls where the number rises
    const auto found = ranked();
    EXPECT_EQ(found.ranking[0].parameter, name(1));
    EXPECT_EQ(found.swing(found.ranking[0]), 80);
    EXPECT_EQ(found.ranking[1].parameter, name(0));
    EXPECT_EQ(found.swing(found.ranking[1]), 30);
}

TEST_F(Sensitivity, SwingReachesToTheSavingItself) {
    saves(0, 130, 130);  // both ends lie above it
    EXPECT_EQ(ranked().swing(ranked().ranking[0]), 30);
}

TEST_F(Sensitivity, RangeIsTheRootOfTheSumOfSquaresAboveAndBelow) {
    saves(0, 100, 130);
    saves(1, 60, 140);
    saves(2, 70, 100);
    EXPECT_DOUBLE_EQ(ranked().saved, 100);
    EXPECT_DOUBLE_EQ(ranked().high(), 150);  // 30 and 40 above
    EXPECT_DOUBLE_EQ(ranked().low(), 50);    // 40 and 30 below
}

TEST_F(Sensitivity, NumbersWithoutEffectShareTheLastLine) {
    saves(0, 90, 120);
    const auto text = sensitivity_text(ranked(), {});
    const auto folded = text.find("without effect here: ");
    ASSERT_NE(folded, std::string::npos);
    EXPECT_LT(text.find(name(0)), folded);
    EXPECT_THAT(text.substr(folded), Not(HasSubstr(name(0))));
    EXPECT_GT(text.find(name(1)), folded);
    EXPECT_THAT(text, HasSubstr("saved: 100 cycles/packet, from 90 to 120"));
}

TEST_F(Sensitivity, JsonHasEveryNumberInTheRanking) {
    saves(1, 90, 120);
    const auto out = to_json(ranked());
    EXPECT_EQ(out.at("ranking").size(), assumed_parameters().size());
    EXPECT_EQ(out.at("ranking")[0].at("parameter"), name(1));
    EXPECT_EQ(out.at("ranking")[0].at("saved_at_high"), 120);
    EXPECT_EQ(out.at("low"), 90);
}

}  // namespace
}  // namespace rxpath
