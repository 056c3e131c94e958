// No parameter is dead: between two allowed values of each, in a scenario where it matters, some statistic moves.
// data/parameters/effects.csv says for each which values and which scenario; every parameter has a row there.
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "sim/parameter/parameters.h"
#include "sim/support/text.h"
#include "tests/scenario/program.h"

namespace rxpath {
namespace {

const std::string folder = RXPATH_SOURCE_DIR "/tests/scenario/data/parameters/";

struct effect {
    std::string parameter, first, second, scenario, also, moves;
};

std::ostream& operator<<(std::ostream& out, const effect& row) { return out << row.parameter; }

std::vector<effect> effects() {
    std::vector<effect> rows;
    std::ifstream file(folder + "effects.csv");
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#' || line.rfind("parameter,", 0) == 0) continue;
        auto cells = split(line, ',');
        cells.resize(6);
        rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]});
    }
    return rows;
}

// As it is set: of all devices where the name has a place for one.
std::string setting_name(const effect& row) {
    auto name = row.parameter;
    if (const auto hole = name.find("DEVICE"); hole != std::string::npos) name.replace(hole, 6, "all");
    return name;
}

class ParameterEffect : public program_test, public testing::WithParamInterface<effect> {
protected:
    finished_program run_with(const std::string& value) {
        std::string settings;
        for (const auto& also : split(GetParam().also, ' '))
            if (!also.empty()) settings += " --set " + also;
        settings += " --set " + setting_name(GetParam()) + '=' + value;
        return rxpath("run --json " + folder + GetParam().scenario + settings);
    }
    // Without those of the clock on the wall.
    nlohmann::json statistics_with(const std::string& value) {
        const auto finished = run_with(value);
        EXPECT_EQ(finished.status, 0) << finished.err;
        auto statistics = nlohmann::json::object();
        const auto document = finished.json();  // outlives the loop
        for (const auto& [name, number] : document.at("statistics").items())
            if (name.rfind("wall.", 0) != 0) statistics[name] = number;
        return statistics;
    }
};

TEST(ParameterEffects, EveryParameterHasARow) {
    std::map<std::string, int> rows;
    for (const auto& row : effects()) ++rows[row.parameter];
    for (const auto& entry : parameters())
        EXPECT_EQ(rows[std::string(entry.name)], 1) << entry.name << ": rows in " << folder << "effects.csv";
}

TEST_P(ParameterEffect, IsWhatTheTableSays) {
    const auto& row = GetParam();
    ASSERT_NE(row.first, row.second);
    if (row.moves == "refused") {
        EXPECT_EQ(run_with(row.first).status, 2);
    } else if (row.moves == "no") {
        EXPECT_EQ(statistics_with(row.first), statistics_with(row.second));
    } else {
        ASSERT_EQ(row.moves, "yes");
        EXPECT_NE(statistics_with(row.first), statistics_with(row.second));
    }
}

INSTANTIATE_TEST_SUITE_P(All, ParameterEffect, testing::ValuesIn(effects()), [](const auto& row) {
    auto name = row.param.parameter;
    for (auto& c : name)
        if (c == '.') c = '_';
    return name;
});

}  // namespace
}  // namespace rxpath
