#include "sim/study_database.h"

#include <gmock/gmock.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

class StudyDatabase : public scenario_folder {};

study_row row(const std::string& key, const std::string& parameter, const std::string& text, int packets) {
    return {key,
            "a.toml",
            1,
            {{parameter, text}},
            {{"packets.received", static_cast<unsigned>(packets)}, {"ratio", nullptr}}};
}

TEST_F(StudyDatabase, FinishedRunsAreKnownAfterOpeningItAgain) {
    { study_database(path("s.db")).add(row("k1", "nic.ring", "8", 5)); }
    EXPECT_THAT(study_database(path("s.db")).finished_keys(), testing::ElementsAre("k1"));
}

TEST_F(StudyDatabase, CsvHasTheRowsAskedForInTheirOrder) {
    study_database database(path("s.db"));
    database.add(row("k1", "nic.ring", "8", 5));
    database.add(row("k2", "nic.ring", "16", 6));
    EXPECT_EQ(database.csv({"k2", "none", "k1"}),
              "key,scenario,seed,nic.ring,packets.received,ratio\nk2,a.toml,1,16,6,\nk1,a.toml,1,8,5,\n");
}

TEST_F(StudyDatabase, ParameterOfALaterStudyIsANewColumn) {
    study_database database(path("s.db"));
    database.add(row("k1", "nic.ring", "8", 5));
    database.add(row("k2", "flow.payload", "64B", 6));
    EXPECT_EQ(
        database.csv({"k1", "k2"}),
        "key,scenario,seed,nic.ring,packets.received,ratio,flow.payload\nk1,a.toml,1,8,5,,\nk2,a.toml,1,,6,,64B\n");
}

TEST_F(StudyDatabase, SameKeyIsOneRow) {
    study_database database(path("s.db"));
    database.add(row("k1", "nic.ring", "8", 5));
    database.add(row("k1", "nic.ring", "8", 5));
    EXPECT_EQ(database.finished_keys().size(), 1u);
}

TEST_F(StudyDatabase, SeedThatIsVariedIsOneColumn) {
    study_database database(path("s.db"));
    database.add(row("k1", "run.seed", "3", 5));
    EXPECT_THAT(database.csv({"k1"}), testing::HasSubstr("key,scenario,seed,run.seed"));
}

TEST_F(StudyDatabase, FileThatIsNoDatabaseIsRefused) {
    EXPECT_THROW(study_database(write(std::string(4096, 'x'), "s.db")), input_error);
    EXPECT_THROW(study_database(path("none/s.db")), input_error);
}

}  // namespace
}  // namespace rxpath
