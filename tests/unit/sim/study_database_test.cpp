#include "sim/study/study_database.h"

#include <gmock/gmock.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

using testing::HasSubstr;

class StudyDatabase : public scenario_folder {
protected:
    std::string m_file = path("s.db");
    // Every row of a study by this name, as CSV.
    std::vector<std::string> lines(const study_database& database, const std::vector<std::string>& keys,
                                   const std::vector<std::string>& settings) const {
        std::istringstream text(database.csv(keys, settings));
        std::vector<std::string> found;
        for (std::string line; std::getline(text, line);) found.push_back(line);
        return found;
    }
};

study_row row(const std::string& key, const std::string& setting, const json& value, int packets) {
    study_row made;
    made.key = key;
    made.scenario = "a.toml";
    made.scenario_text = "# A scenario.\n";
    made.settings = setting + "=as written";
    made.profile = "p", made.program = "1", made.code = "c", made.date = "2000-01-01T00:00:00Z";
    made.seed = 1;
    made.columns = {{setting, "B", "", true}, {"packets.received", "packets", ""}, {"ratio", "1", ""}};
    made.values = {value, packets, nullptr};
    return made;
}

TEST_F(StudyDatabase, FinishedRunsAreKnownAfterOpeningItAgain) {
    { study_database(m_file).add(row("k1", "nic.ring", 8, 5)); }
    EXPECT_THAT(study_database(m_file).finished_keys(), testing::ElementsAre("k1"));
}

TEST_F(StudyDatabase, CsvHasTheRowsAskedForInTheirOrder) {
    study_database database(m_file);
    database.add(row("k1", "nic.ring", 8, 5));
    database.add(row("k2", "nic.ring", 16, 6));
    const auto found = lines(database, {"k2", "k1"}, {"nic.ring"});
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[0],
              "key,scenario,scenario_hash,settings,profile,program,code,seed,nic.ring,packets.received,ratio");
    EXPECT_THAT(found[1], testing::AllOf(testing::StartsWith("k2,a.toml,"), testing::EndsWith(",1,16,6,")));
    EXPECT_THAT(found[2], testing::AllOf(testing::StartsWith("k1,a.toml,"), testing::EndsWith(",1,8,5,")));
}

TEST_F(StudyDatabase, RowThatIsMissingIsNotLeftOut) {
    study_database database(m_file);
    database.add(row("k1", "nic.ring", 8, 5));
    EXPECT_THROW(database.csv({"k1", "none"}, {}), std::runtime_error);
    EXPECT_THROW(database.row("none"), std::runtime_error);
}

TEST_F(StudyDatabase, EachStudyHasItsOwnSettingsInItsCsv) {
    study_database database(m_file);
    database.add(row("k1", "nic.ring", 8, 5));
    database.add(row("k2", "flow.payload", 64, 6));
    EXPECT_THAT(lines(database, {"k2"}, {"flow.payload"})[0], HasSubstr("seed,flow.payload,packets.received"));
    EXPECT_THAT(lines(database, {"k1"}, {"nic.ring"})[0], HasSubstr("seed,nic.ring,packets.received"));
}

TEST_F(StudyDatabase, SameKeyIsOneRow) {
    study_database database(m_file);
    database.add(row("k1", "nic.ring", 8, 5));
    database.add(row("k1", "nic.ring", 8, 5));
    EXPECT_EQ(database.finished_keys().size(), 1u);
}

TEST_F(StudyDatabase, TwoMayAddTheSameColumns) {
    study_database one(m_file), other(m_file);
    one.add(row("k1", "nic.ring", 8, 5));
    other.add(row("k2", "nic.ring", 16, 6));
    other.add(row("k3", "flow.payload", 64, 7));
    one.add(row("k4", "flow.payload", 128, 8));
    EXPECT_EQ(one.finished_keys().size(), 4u);
}

TEST_F(StudyDatabase, RowKeepsWhatMadeIt) {
    study_database database(m_file);
    database.add(row("k1", "nic.ring", 8, 5));
    const auto found = database.row("k1");
    for (const auto* name : {"scenario", "scenario_hash", "settings", "profile", "program", "code", "date", "seed"})
        EXPECT_FALSE(found.at(name).is_null()) << name;
    EXPECT_EQ(found.at("nic.ring"), 8);
    const sql_database inside(m_file);
    EXPECT_EQ(inside.single("SELECT text FROM scenarios, runs WHERE hash = scenario_hash"), "# A scenario.\n");
    EXPECT_EQ(inside.single("SELECT unit FROM columns WHERE name = 'nic.ring'"), "B");
    EXPECT_EQ(inside.single("SELECT typeof(\"nic.ring\") FROM runs"), "integer");
}

TEST_F(StudyDatabase, NamesAndTextsAreNeverSql) {
    const std::string name = "a\"b'; DROP TABLE runs; --", text = "'\"; x,\ny";
    study_database database(m_file);
    database.add(row("k'1", name, text, 5));
    EXPECT_EQ(database.row("k'1").at(name), text);
    EXPECT_EQ(database.row("k'1").at("packets.received"), 5);
}

TEST_F(StudyDatabase, NumberThatChangedOnTheDiskIsDamage) {
    { study_database(m_file).add(row("k1", "nic.ring", 8, 5)); }
    sql_database(m_file).execute("UPDATE runs SET \"nic.ring\" = 9");
    EXPECT_THROW(study_database{m_file}, std::runtime_error);
}

// Every byte counts, or says nothing: what is read is what was written, or the database is damaged.
TEST_F(StudyDatabase, DamagedOneNeverAnswersSomethingElse) {
    { study_database(m_file).add(row("k1", "nic.ring", 8, 5)); }
    std::ifstream stream(m_file, std::ios::binary);
    const std::string sound(std::istreambuf_iterator<char>(stream), {});
    const auto right = study_database(m_file).csv({"k1"}, {"nic.ring"});
    std::size_t noticed = 0;
    for (std::size_t at = 0; at < sound.size(); at += 41) {
        auto damaged = sound;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
        write(damaged, "damaged.db");
        try {
            EXPECT_EQ(study_database(path("damaged.db")).csv({"k1"}, {"nic.ring"}), right) << at;
        } catch (const std::runtime_error&) {
            ++noticed;
        }
    }
    EXPECT_GT(noticed, 10u);
}

TEST_F(StudyDatabase, FileThatIsSomethingElseIsRefused) {
    write("no database, but a text that is long enough to be looked at", "text");
    EXPECT_THROW(study_database(path("text")), input_error);
    sql_database(path("other.db")).execute("CREATE TABLE mine (x)");
    EXPECT_THROW(study_database(path("other.db")), input_error);
    for (const auto* no_file : {"/dev/null", "-", ""}) EXPECT_THROW(study_database{no_file}, input_error);
}

}  // namespace
}  // namespace rxpath
