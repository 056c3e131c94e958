#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "sim/study/study_database.h"
#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::HasSubstr;

// 3 x 4 points
const std::string twelve = " --vary flow.payload=64..256B:*2 --vary run.seed=1..4";

class Sweep : public program_test {
protected:
    std::string study(const std::string& points, const std::string& more = " --jobs 2") const {
        return "sweep " + shipped("established/cached_vs_full.toml") + " --set run.packets=3000 --db " + path("s.db") +
               " --csv " + path("s.csv") + points + more;
    }
    std::ptrdiff_t rows() const {
        const auto csv = read(path("s.csv"));
        return std::count(csv.begin(), csv.end(), '\n') - 1;
    }
    // Starts a study and kills it, hard, once some of its runs are finished.
    void run_and_kill(const std::string& command) const {
        const auto process = fork();
        if (process == 0) {
            setpgid(0, 0);
            execl("/bin/sh", "sh", "-c", ("exec " RXPATH_PROGRAM " " + command + " 2>/dev/null").c_str(), nullptr);
            _exit(127);
        }
        study_database database(path("s.db"));
        while (database.finished_keys().size() < 2 && waitpid(process, nullptr, WNOHANG) == 0) usleep(1000);
        kill(process, SIGKILL);
        waitpid(process, nullptr, 0);
    }
};

TEST_F(Sweep, HasARowAPoint) {
    const auto run = rxpath(study(twelve));
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(rows(), 12);
}

TEST_F(Sweep, FinishedRunsAreNotRepeated) {
    rxpath(study(" --vary flow.payload=64..256B:*2 --vary run.seed=1..2"));
    const auto run = rxpath(study(twelve));
    EXPECT_THAT(run.err, testing::HasSubstr("12 runs, 6 of them finished before"));
    EXPECT_EQ(rows(), 12);
}

TEST_F(Sweep, KilledHalfWayItGoesOnAndEndsWithAllRows) {
    run_and_kill(study(twelve));
    EXPECT_FALSE(std::filesystem::exists(path("s.csv")));
    const auto finished = study_database(path("s.db")).finished_keys().size();
    EXPECT_GE(finished, 2u);
    EXPECT_LT(finished, 12u);
    const auto run = rxpath(study(twelve));
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(rows(), 12);
}

TEST_F(Sweep, JobsDoNotChangeTheNumbers) {
    rxpath(study(twelve, " --jobs 1"));
    const auto with_one = read(path("s.csv"));
    std::filesystem::remove(path("s.db"));
    rxpath(study(twelve, " --jobs 2"));
    EXPECT_EQ(rows(), 12);
    EXPECT_EQ(read(path("s.csv")), with_one);
}

TEST_F(Sweep, RangeHasBothItsEnds) {
    EXPECT_EQ(rxpath(study(" --vary run.seed=1..5")).status, 0);
    EXPECT_EQ(rows(), 5);
}

TEST_F(Sweep, EndsWithATableOfItsPoints) {
    const auto run = rxpath(study(" --vary net.ipv4.tcp_early_demux=1,0 --vary flow.payload=64B,128B"));
    EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 6);
    for (const auto* header : {"flow.payload", "cycles/packet", "p99 ns", "dropped", "exit"})
        EXPECT_THAT(run.out.substr(0, run.out.find('\n')), HasSubstr(header));
    EXPECT_EQ(rxpath(study(" --vary run.seed=1..2", " --quiet")).out, "");
}

TEST_F(Sweep, CsvOnStandardOutputIsAlone) {
    const auto command = "sweep " + shipped("established/cached_vs_full.toml") +
                         " --set run.packets=300 --vary run.seed=1..2 --db " + path("s.db") + " --csv ";
    const auto run = rxpath(command + "-");
    rxpath(command + path("s.csv"));
    EXPECT_EQ(run.out, read(path("s.csv")));
    EXPECT_EQ(rows(), 2);
}

TEST_F(Sweep, RowHasEverySettingAsANumberInItsUnit) {
    rxpath(study(" --vary cpu.l1d.size=32KiB --vary flow.rate=100kpps --vary net.ipv4.tcp_early_demux=1"));
    const sql_database inside(path("s.db"));
    EXPECT_EQ(inside.single("SELECT \"cpu.l1d.size\" FROM runs"), 32768);
    EXPECT_EQ(inside.single("SELECT unit FROM columns WHERE name = 'cpu.l1d.size'"), "B");
    EXPECT_EQ(inside.single("SELECT \"flow.rate\" FROM runs"), 100000.0);
    EXPECT_EQ(inside.single("SELECT unit FROM columns WHERE name = 'flow.rate'"), "pps");
    EXPECT_EQ(inside.single("SELECT \"run.packets\" FROM runs"), 3000);  // of --set
    EXPECT_EQ(inside.single("SELECT \"net.ipv4.tcp_early_demux\" FROM runs"), 1);
    EXPECT_EQ(inside.single("SELECT text FROM scenarios"), read(shipped("established/cached_vs_full.toml")));
}

TEST_F(Sweep, TwoAtOnceShareANewDatabase) {
    for (int pair = 0; pair < 3; ++pair) {
        const auto database = path("pair" + std::to_string(pair) + ".db");
        const auto one = [&](const std::string& seeds) {
            return RXPATH_PROGRAM " sweep " + shipped("established/cached_vs_full.toml") +
                   " --quiet --set run.packets=300 --vary run.seed=" + seeds + " --db " + database;
        };
        const auto both = shell("bash -c '" + one("1..4") + " & first=$!; " + one("5..8") + "; a=$?; wait $first; " +
                                "exit $((a * 8 + $?))'");
        EXPECT_EQ(both.status, 0) << both.err;
        EXPECT_EQ(study_database(database).finished_keys().size(), 8u);
    }
}

TEST_F(Sweep, DamagedDatabaseIsSaidAndGivesNoCsv) {
    std::filesystem::copy_file(RXPATH_SOURCE_DIR "/tests/scenario/data/reports/db_zeroed_page.db", path("s.db"));
    const auto run = rxpath(study(" --vary run.seed=1..12"));
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, HasSubstr("s.db: the database is damaged"));
    EXPECT_FALSE(std::filesystem::exists(path("s.csv")));
}

// What is said is right: the rows as they were, or that they are damaged.
TEST_F(Sweep, ZeroedPagesNeverGiveOtherRows) {
    const std::string seeds = " --vary run.seed=1..12";
    rxpath(study(seeds));
    const auto right = read(path("s.csv")), sound = read(path("s.db"));
    for (std::size_t page = 0; page < sound.size() / 4096; ++page) {
        const std::size_t begin = page == 0 ? 100 : 0;  // after the file's header
        auto damaged = sound;
        damaged.replace(page * 4096 + begin, 4096 - begin, 4096 - begin, '\0');
        write("s.db", damaged);
        std::filesystem::remove(path("s.csv"));
        const auto run = rxpath(study(seeds));
        EXPECT_EQ(run.status, 3) << page;
        EXPECT_THAT(run.err, HasSubstr("damaged")) << page;
        EXPECT_FALSE(std::filesystem::exists(path("s.csv"))) << page;
    }
}

TEST_F(Sweep, PointThatFailsIsSaidAndTheOthersAreKept) {
    const auto command = study(" --vary run.packets=50000000,3000,2000", " --jobs 1");
    // Kills the first run, once there is one.
    const auto run = shell(
        "bash -c '" RXPATH_PROGRAM " " + command + " & study=$!; " +
        "until kill -KILL $(cat /proc/$study/task/$study/children) 2>/dev/null; do sleep 0.01; done; wait $study'");
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, HasSubstr("run.packets=50000000: stopped by signal Killed"));
    EXPECT_THAT(run.err, HasSubstr("could not complete: 1 of 3 runs"));
    EXPECT_EQ(study_database(path("s.db")).finished_keys().size(), 2u);
    EXPECT_FALSE(std::filesystem::exists(path("s.csv")));
}

TEST_F(Sweep, EngineThatIsNotThereIsRefusedBeforeItBegins) {
    const auto run = rxpath(study(twelve, " --engine cloud"));
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, HasSubstr("--engine: found 'cloud', allowed: local"));
    EXPECT_FALSE(std::filesystem::exists(path("s.db")));
}

TEST_F(Sweep, RefusesWhatHasNoEndBeforeItBegins) {
    const auto refused = [&](const std::string& points, const std::string& more, const std::string& message) {
        const auto run = rxpath(study(points, more));
        EXPECT_EQ(run.status, 2) << points << more;
        EXPECT_THAT(run.err, HasSubstr(message)) << points << more;
        EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
    };
    refused(" --vary run.seed=1..10000000000 --vary flow.payload=1..10000000000B", "", "up to 100,000 values");
    refused(" --vary run.seed=1..1000 --vary run.packets=1..1000", "", "up to 100,000 points");
    refused(" --vary run.seed=1..1000000:*1.00000001", "", "up to 100,000 values");
    refused(" --vary run.seed=1..10:4", "", "which ends at 9");
    for (const std::string jobs : {"0", "-1", "1.5", "many", "99999999999999999999"})
        refused(" --vary run.seed=1", " --jobs " + jobs, "--jobs: found " + jobs + ", allowed: 1 to 1024");
    EXPECT_EQ(files_in(""), 0u);
}

}  // namespace
}  // namespace rxpath
