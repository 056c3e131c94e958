// Bad usage and bad input: one clear message each on standard error, exit status 2, nothing left behind.
#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::HasSubstr;

class BadInput : public program_test {
protected:
    void expect_refused(const std::string& arguments, const std::string& message) {
        const auto run = rxpath(arguments);
        EXPECT_EQ(run.status, 2) << arguments;
        EXPECT_EQ(run.out, "") << arguments;
        EXPECT_THAT(run.err, HasSubstr(message)) << arguments;
    }
    static std::string report(const std::string& name) {
        return RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name;
    }
    static std::string shipped_case() { return RXPATH_SOURCE_DIR "/tests/conformance/data/established.json"; }
    const std::string m_good = shipped("established/cached_vs_full.toml");
};

TEST_F(BadInput, Usage) {
    expect_refused("", "a command is missing");
    expect_refused("rnu", "no such command; did you mean run?");
    expect_refused("run", "FILE is missing");
    expect_refused("run a b", "too many");
    expect_refused("run --frob " + m_good, "--frob");
    expect_refused("run --timing slow " + m_good, "one of exact|fast");
    expect_refused("run --set nic.ring " + m_good, "KEY=VALUE");
    expect_refused("explain " + m_good, "--packet");
    expect_refused("sweep " + m_good + " --db " + path("s.db"), "--vary");
    expect_refused("compare " + shipped("tcp/time_wait.toml"), "[compare]");
    EXPECT_EQ(files_in(""), 0u);
}

TEST_F(BadInput, ScenarioWithTwoMistakesIsToldBoth) {
    const auto file = write("bad.toml", "# x\n[run]\npackets = \"many\"\n[[listen]]\ntcp = \"10.9.9.9:80\"\n");
    const auto run = rxpath("run " + file + " --out " + path("out"));
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, HasSubstr("bad.toml:3: run.packets"));
    EXPECT_THAT(run.err, HasSubstr("bad.toml:4: listen: found 10.9.9.9"));
    EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(BadInput, Captures) {
    const auto with = [&](const std::string& pcap) {
        return "run " + write("replay.toml", "[[replay]]\npcap = \"" + pcap + "\"\nlocal = \"10.0.0.1\"\n");
    };
    const auto whole = read(shipped("data/scan.pcap"));
    write("empty.pcap", "");
    write("short.pcap", whole.substr(0, whole.size() / 2 + 1));
    auto other_link = whole;
    other_link[20] = 101;  // LINKTYPE_RAW
    write("raw.pcap", other_link);
    expect_refused(with("none.pcap"), "none.pcap: no such file");
    expect_refused(with("empty.pcap"), "the file is empty");
    expect_refused(with("short.pcap"), "cut off");
    expect_refused(with("raw.pcap"), "allowed: EN10MB (Ethernet)");
}

TEST_F(BadInput, CaseWithoutADevice) {
    expect_refused(
        "replay --json - " + report("connections_without_dev.json"),
        "connections_without_dev.json:1: step 1: 'connections 1 from 10.0.0.2 ports 1+i to 10.0.0.1:80': no device");
}

TEST_F(BadInput, NestingThatTheStackWouldNotHold) {
    std::string key = "x", list = "{\"case\": ";
    for (int i = 0; i < 20'000; ++i) key += ".x";
    list += std::string(57'000, '[');
    expect_refused("run " + write("deep.toml", key + " = 1\n"), "deep.toml:1: found a key of more than 16 parts");
    expect_refused("run " + write("wide.toml", "x = " + list.substr(9)), "wide.toml:1: found");
    expect_refused("replay --json - " + write("deep.json", list), "deep.json:1: found more than 64 levels");
}

TEST_F(BadInput, FileThatNeverEnds) {
    const auto from = [&](const std::string& file) { return file + ": found a device, allowed: a regular file"; };
    const auto zero = from("/dev/zero");
    for (const auto* command : {"run", "compare", "explain --packet 1", "validate", "replay --json -",
                                "sweep --vary run.seed=1 --db :memory:"}) {
        expect_refused(command + std::string(" /dev/zero"), zero);
    }
    expect_refused("run " + m_good + " --set cpu.profile=/dev/zero", zero);
    expect_refused("replay --json - --profile /dev/zero " + shipped_case(), zero);
    expect_refused("run " + write("replay.toml", "[[replay]]\npcap = \"/dev/zero\"\nlocal = \"10.0.0.1\"\n"), zero);
}

TEST_F(BadInput, ProfileWithANegativeCost) {
    const auto file = write("costs.csv", "function,step,instructions,loads,stores,source\nip_rcv,,-1,0,0,assumed\n");
    const std::string message = "costs.csv:2: found '-1', allowed: a whole number, 0 to 1000000";
    expect_refused("run " + m_good + " --set cpu.profile=" + file, message);
    expect_refused("replay --json - --profile " + file + ' ' + shipped_case(), message);
}

TEST_F(BadInput, TableThatNoMemoryHolds) {
    expect_refused("run " + m_good + " --set host.thash_entries=1073741824", "allowed: a whole number, 0 to 16777216");
}

TEST_F(BadInput, OutputThatCannotBeWrittenIsKnownBeforeTheRun) {
    expect_refused("run " + m_good + " --out " + path("none/out"), "cannot make the folder");
    write("file", "x");
    expect_refused("run " + m_good + " --out " + path("file"), "cannot make the folder");
    expect_refused("sweep " + m_good + " --vary run.seed=1 --db " + path("none/s.db"), "cannot be used as a database");
    EXPECT_EQ(files_in(""), 1u);
}

TEST_F(BadInput, PacketThatTheRunDoesNotHave) {
    expect_refused("explain " + m_good + " --set run.packets=50 --packet 51", "found 51, allowed: 1 to 50");
}

}  // namespace
}  // namespace rxpath
