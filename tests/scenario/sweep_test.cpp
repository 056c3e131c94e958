#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "sim/study_database.h"
#include "tests/scenario/program.h"

namespace rxpath {
namespace {

// 3 x 4 points
const std::string twelve = " --vary flow.payload=64..256B --vary run.seed=1..4:1";

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
    rxpath(study(" --vary flow.payload=64..256B --vary run.seed=1..2:1"));
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

}  // namespace
}  // namespace rxpath
