// What the program writes, and where: nothing of the user is harmed, nothing half done counts as done.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

const std::string recorded = RXPATH_SOURCE_DIR "/tests/conformance/data/forward.json";

class Output : public program_test {
protected:
    const std::string m_scenario = shipped("established/cached_vs_full.toml");
    const std::string m_short_run = "run " + m_scenario + " --set run.packets=300";

    // With its streams as the shell makes them.
    int status_of(const std::string& arguments, const std::string& streams) const {
        const auto command = "(" RXPATH_PROGRAM " " + arguments + ") " + streams;
        return WEXITSTATUS(std::system(("bash -c '" + command + "'").c_str()));
    }
    // The program with its standard output there, and signals as a terminal's shell gives them. Answers its process.
    static pid_t start(const std::vector<std::string>& arguments, int standard_output) {
        const auto process = fork();
        if (process != 0) return process;
        for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) signal(each, SIG_DFL);
        dup2(standard_output, STDOUT_FILENO);
        std::vector<char*> words;
        for (const auto& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
        words.push_back(nullptr);
        execv(RXPATH_PROGRAM, words.data());
        _exit(127);
    }
    // Starts a long run with --out, waits until it has begun to write, and ends it. Answers how it ended.
    int end_a_run_by(int number, const std::string& out) const {
        const std::string watched = std::filesystem::exists(path(out)) ? out : "";
        const auto before = files_in(watched);
        const auto process =
            start({"rxpath", "run", m_scenario, "--set", "run.packets=100000000", "--quiet", "--out", path(out)}, 1);
        int status = 0;
        while (files_in(watched) == before && waitpid(process, &status, WNOHANG) == 0) usleep(1000);
        usleep(20'000);
        kill(process, number);
        waitpid(process, &status, 0);
        return status;
    }
};

TEST_F(Output, MinusIsStandardOutputAndSoIsItsDevice) {
    const auto file = path("case.json");
    ASSERT_EQ(rxpath("replay " + recorded + " --json " + file).status, 0);
    EXPECT_EQ(rxpath("replay " + recorded + " --json -").out, read(file));
    EXPECT_EQ(shell("sh -c '" RXPATH_PROGRAM " replay " + recorded + " --json /dev/stdout | cat'").out, read(file));
    for (const auto* command : {"replay", "sweep"})
        EXPECT_THAT(rxpath(std::string(command) + " --help").out, ContainsRegex("- for standard[ \n]+output"));
}

TEST_F(Output, WhatStandardOutputIsAppendedToStays) {
    write("log", "before\n");
    status_of("replay " + recorded + " --json /dev/stdout", ">>" + path("log"));
    EXPECT_THAT(read(path("log")), testing::StartsWith("before\n{"));
}

TEST_F(Output, DeviceIsNotReplaced) {
    EXPECT_EQ(rxpath("replay " + recorded + " --json /dev/null").status, 0);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
    const auto full = rxpath("replay " + recorded + " --json /dev/full");
    EXPECT_EQ(full.status, 3);
    EXPECT_THAT(full.err, HasSubstr("/dev/full: not completely written"));
}

TEST_F(Output, StandardOutputThatIsFullOrClosedIsExitStatusThree) {
    const std::string commands[] = {m_short_run,
                                    m_short_run + " --json",
                                    "compare " + m_scenario + " --set run.packets=300",
                                    "params",
                                    "--help",
                                    "run --help",
                                    "--version",
                                    "replay " + recorded + " --json -"};
    for (const auto& command : commands) {
        EXPECT_EQ(status_of(command, ">/dev/full 2>/dev/null"), 3) << command;
        EXPECT_EQ(status_of(command, ">&- 2>/dev/null"), 3) << command;
    }
}

TEST_F(Output, PipeThatNobodyReadsIsExitStatusThree) {
    for (const auto* command : {"params", "--version"}) {
        int ends[2], status = 0;
        ASSERT_EQ(pipe(ends), 0);
        close(ends[0]);
        waitpid(start({"rxpath", command}, ends[1]), &status, 0);
        close(ends[1]);
        ASSERT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 3) << command;
    }
}

TEST_F(Output, StandardErrorThatIsFullOrClosedIsExitStatusThree) {
    for (const auto& command : {m_short_run, std::string("nonsense")}) {
        EXPECT_EQ(status_of(command, ">/dev/null 2>/dev/full"), 3) << command;
        EXPECT_EQ(status_of(command, ">/dev/null 2>&-"), 3) << command;
    }
}

TEST_F(Output, NothingIsDoneWithoutStandardOutput) {
    EXPECT_EQ(status_of("run --quiet " + m_scenario + " --out " + path("out"), ">&- 2>/dev/null"), 3);
    EXPECT_EQ(files_in(""), 0u);
}

TEST_F(Output, OnlyWhatWasAskedForIsOnStandardOutput) {
    const auto run = rxpath("run --json " RXPATH_SOURCE_DIR "/tests/scenario/data/reports/nic_named_core0.toml");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.json().at("statistics").at("packets.received"), 200);
    for (const std::string name : {"napi", "traffic_source", "eth0.100", "core0_0"}) {
        auto text = read(RXPATH_SOURCE_DIR "/tests/scenario/data/reports/nic_named_core0.toml");
        for (auto at = text.find("core0", 5); at != std::string::npos; at = text.find("core0", at + name.size()))
            text.replace(at, 5, name);
        const auto other = rxpath("run --json " + write("named.toml", text));
        EXPECT_EQ(other.status, 0) << name << other.err;
        EXPECT_EQ(other.out.front(), '{') << name;
    }
}

TEST_F(Output, SignalsLeaveNothingBehind) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        const auto status = end_a_run_by(number, "out");
        ASSERT_TRUE(WIFSIGNALED(status)) << number;
        EXPECT_EQ(WTERMSIG(status), number);
        EXPECT_EQ(files_in(""), 0u) << number;
    }
}

TEST_F(Output, SignalsLeaveAFolderAsItWas) {
    std::filesystem::create_directory(path("out"));
    write("out/report.txt", "old");
    end_a_run_by(SIGTERM, "out");
    EXPECT_EQ(read(path("out/report.txt")), "old");
    EXPECT_EQ(files_in("out"), 1u);
}

TEST_F(Output, WhatAKillLeftIsGoneAfterTheNextRun) {
    end_a_run_by(SIGKILL, "out");
    EXPECT_FALSE(std::filesystem::exists(path("out")));
    EXPECT_EQ(files_in(""), 1u);
    EXPECT_EQ(rxpath(m_short_run + " --quiet --out " + path("out")).status, 1);  // it expects 20,000 packets
    EXPECT_EQ(files_in(""), 1u);
    EXPECT_EQ(files_in("out"), 3u);
}

TEST_F(Output, FileLimitIsAnErrorAndLeavesNothing) {
    const auto run =
        shell("bash -c 'ulimit -f 4; " RXPATH_PROGRAM " " + m_short_run + " --quiet --out " + path("out") + "'");
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, HasSubstr("not completely written: File too large"));
    EXPECT_FALSE(std::filesystem::exists(path("out")));
}

class FullDisk : public Output {
protected:
    void SetUp() override {
        std::filesystem::create_directory(path("disk"));
        if (mount("none", path("disk").c_str(), "tmpfs", 0, "size=64k") != 0) GTEST_SKIP() << "cannot mount a tmpfs";
        m_mounted = true;
    }
    void TearDown() override {
        if (m_mounted) umount(path("disk").c_str());
    }
    bool m_mounted = false;
};

TEST_F(FullDisk, OutputsAreThereAsAWholeOrNotAtAll) {
    const auto run = rxpath("run " + m_scenario + " --quiet --out " + path("disk/out"));
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, HasSubstr("No space left on device"));
    EXPECT_EQ(files_in("disk"), 0u);
}

TEST_F(FullDisk, StudySaysThatItCouldNotComplete) {
    const auto run =
        rxpath("sweep " + m_scenario + " --set run.packets=200 --vary run.seed=1..60 --db " + path("disk/s.db"));
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, HasSubstr("full"));
}

TEST_F(Output, WhatACommandReadsIsNeverItsOutput) {
    const auto scenario = write("scenario.toml", read(m_scenario));
    const auto sweep = "sweep " + scenario + " --vary run.seed=1,2 --set run.packets=100 --db " + path("study.db");
    ASSERT_EQ(rxpath(sweep).status, 0);
    const auto study = read(path("study.db"));
    for (const auto& place : {path("study.db"), scenario}) {
        const auto run = rxpath(sweep + " --csv " + place);
        EXPECT_EQ(run.status, 2) << place;
        EXPECT_THAT(run.err, HasSubstr("found a file that is read"));
    }
    EXPECT_EQ(read(path("study.db")), study);
    EXPECT_EQ(read(scenario), read(m_scenario));
    const auto recorded_here = write("case.json", read(recorded));
    EXPECT_EQ(rxpath("replay " + recorded_here + " --json " + recorded_here).status, 2);
}

TEST_F(Output, CaptureInTheFolderOfOutputsStays) {
    std::filesystem::create_directory(path("out"));
    std::filesystem::copy_file(RXPATH_SOURCE_DIR "/scenarios/data/http.pcap", path("out/packets.csv"));
    const auto scenario = write("replay.toml", "[[replay]]\npcap = \"out/packets.csv\"\nlocal = \"10.0.0.1\"\n");
    EXPECT_EQ(rxpath("run -q " + scenario + " --out " + path("out")).status, 2);
    EXPECT_EQ(files_in("out"), 1u);
}

}  // namespace
}  // namespace rxpath
