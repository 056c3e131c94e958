// Each kind of mistake in a scenario file, and what the message says: file, line, key, found, allowed.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ScenarioError : public scenario_folder {
protected:
    std::vector<std::string> errors_with(std::string_view more) const {
        return errors_of(std::string(sound_scenario) + std::string(more));
    }
};

TEST_F(ScenarioError, SoundScenarioHasNone) { EXPECT_THAT(errors_of(sound_scenario), testing::IsEmpty()); }

TEST_F(ScenarioError, MissingFile) { EXPECT_THROW(load_scenario(path("none.toml")), input_error); }

TEST_F(ScenarioError, FolderInsteadOfAFile) { EXPECT_THROW(load_scenario(path("")), input_error); }

TEST_F(ScenarioError, NoToml) {
    EXPECT_THAT(errors_of("# x\n[run\n"), ElementsAre(StartsWith("case.toml:2: no TOML")));
}

TEST_F(ScenarioError, UnknownKeyNamesTheNearest) {
    EXPECT_THAT(errors_with("paylod = \"64B\"\n"),
                ElementsAre("case.toml:8: flow.paylod: no such key; did you mean payload?"));
}

TEST_F(ScenarioError, UnknownSection) {
    EXPECT_THAT(errors_with("[[flows]]\n"), ElementsAre("case.toml:8: flows: no such key; did you mean flow?"));
}

TEST_F(ScenarioError, DeviceThatLinuxWouldNotRegister) {
    for (const std::string name :
         {"sixteen-letters!", "a b", "a/b", "a:b", ".", "..", "all", "default", "lo", "\\u00A0"})
        EXPECT_THAT(errors_with("[nic.\"" + name + "\"]\n"),
                    testing::Contains(AllOf(StartsWith("case.toml:8: nic: found"), HasSubstr("1 to 15 bytes"))))
            << name;
}

TEST_F(ScenarioError, WrongType) {
    EXPECT_THAT(errors_of("[run]\npackets = \"many\"\n"),
                ElementsAre(AllOf(StartsWith("case.toml:2: run.packets: found \"many\", allowed: a whole number"))));
}

TEST_F(ScenarioError, NumberWithoutAUnitNamesTheUnits) {
    EXPECT_THAT(errors_with("payload = 100\n"), ElementsAre("case.toml:8: flow.payload: found 100, allowed: a size "
                                                            "with a unit (B, kB, KiB, MB, MiB, GiB), 0B to 1472B"));
}

TEST_F(ScenarioError, WrongUnit) {
    EXPECT_THAT(errors_with("rate = \"10Gbit\"\n"),
                ElementsAre(HasSubstr("found \"10Gbit\", allowed: a packet rate with a unit (pps, kpps, Mpps)")));
}

TEST_F(ScenarioError, OutOfRange) {
    EXPECT_THAT(errors_with("[nic.nic0]\nring = 0\n"),
                ElementsAre("case.toml:9: nic.nic0.ring: found 0, allowed: a whole number, 1 to 65536"));
}

TEST_F(ScenarioError, WhatNothingReadsMayNotBeSet) {
    EXPECT_THAT(
        errors_with("[cpu]\ncore_to_core_latency = \"20ns\"\n"),
        ElementsAre("case.toml:9: cpu.core_to_core_latency: found \"20ns\", allowed: not to set it; nothing would "
                    "read it: a host has one core yet"));
}

TEST_F(ScenarioError, FlowThatOutlastsTheClock) {
    EXPECT_THAT(errors_with("rate = \"0.001pps\"\npackets = 17_280\n"), testing::IsEmpty());
    EXPECT_THAT(errors_with("rate = \"0.001pps\"\npackets = 17_281\n"),
                ElementsAre("case.toml:6: flow.rate: found 0.001pps, at which 17281 packets take longer than 200 days, "
                            "allowed: 0.001pps or more"));
}

TEST_F(ScenarioError, MoreVariantsThanAnyoneWaitsFor) {
    std::string axes = "[compare]\n";
    for (const auto* name : {"l1d.latency", "l2.latency", "irq"}) {
        axes += fmt::format("\"cpu.{}\" = [", name);
        for (int i = 1; i <= 10; ++i) axes += fmt::format("\"{}cycles\",", i);
        axes += "]\n";
    }
    EXPECT_THAT(errors_with(axes), testing::IsEmpty());
    EXPECT_THAT(
        errors_with(axes + "\"net.ipv4.tcp_early_demux\" = [0, 1]\n"),
        ElementsAre("case.toml:12: compare.net.ipv4.tcp_early_demux: found more than 1000 variants, allowed: at "
                    "most that"));
}

TEST_F(ScenarioError, ProfileThatCannotBeRead) {
    EXPECT_THAT(errors_with("[cpu]\nprofile = \"no/such/profile\"\n"),
                ElementsAre("case.toml: cpu: no/such/profile: no such file"));
}

TEST_F(ScenarioError, CoreNumbersAreCheckedAsAllOthers) {
    EXPECT_THAT(errors_with("[cpu]\nl1d.way = 8\nl2 = 5\nprefetch.stride = 1\nllc.latency = \"9ns\"\n"),
                ElementsAre("case.toml:9: cpu.l1d.way: no such key; did you mean ways?",
                            StartsWith("case.toml:10: cpu.l2: found 5, allowed: a table of keys such as cpu.l2."),
                            "case.toml:11: cpu.prefetch.stride: found 1, allowed: true or false",
                            StartsWith("case.toml:12: cpu.llc.latency: found \"9ns\", allowed: a count of cycles")));
}

TEST_F(ScenarioError, CacheThatCannotBe) {
    EXPECT_THAT(errors_with("[cpu]\nl1d.ways = 7\n"),
                ElementsAre("case.toml: cpu: l1d: found a size of 32768B, allowed with 7 ways: a multiple of 448B"));
}

TEST_F(ScenarioError, UnknownCpuModelNamesThoseThatExist) {
    EXPECT_THAT(
        errors_with("[cpu]\nmodel = \"pentium\"\n"),
        ElementsAre("case.toml:9: cpu.model: found \"pentium\", allowed: one of zen3|icelake-server|neoverse-n1"));
}

TEST_F(ScenarioError, SeveralCoresAreNotModelled) {
    EXPECT_THAT(errors_with("[host]\ncores = 2\n"),
                ElementsAre(StartsWith("case.toml:9: host.cores: found 2, allowed: 1")));
}

TEST_F(ScenarioError, AddressThatNoNicHas) {
    EXPECT_THAT(errors_with("[[listen]]\ntcp = \"10.0.9.9:80\"\n"),
                ElementsAre(StartsWith("case.toml:8: listen: found 10.0.9.9, allowed: an address that a NIC")));
}

TEST_F(ScenarioError, FlowWithoutAListener) {
    const auto errors = errors_with("[[flow]]\ntcp = { from = \"10.0.0.2:1\", to = \"10.0.0.1:81\" }\n");
    EXPECT_THAT(errors, ElementsAre(StartsWith("case.toml:8: flow: nobody listens on 10.0.0.1:81")));
}

TEST_F(ScenarioError, ListenerOfAnotherProtocolDoesNotCount) {
    EXPECT_THAT(errors_with("[[flow]]\nudp = { from = \"10.0.0.2:1\", to = \"10.0.0.1:80\" }\n"),
                ElementsAre(HasSubstr("nobody listens")));
}

TEST_F(ScenarioError, FlowWithoutAListenerOnPurposeIsNone) {
    EXPECT_THAT(errors_with("[[flow]]\ntcp = { from = \"10.0.0.2:1\", to = \"10.0.0.1:81\" }\nexpect_closed = true\n"),
                testing::IsEmpty());
}

TEST_F(ScenarioError, ListenerOnAnyAddressCounts) {
    EXPECT_THAT(
        errors_with(
            "[[listen]]\ntcp = \"0.0.0.0:81\"\n[[flow]]\ntcp = { from = \"10.0.0.2:1\", to = \"10.0.0.1:81\" }\n"),
        testing::IsEmpty());
}

TEST_F(ScenarioError, FlowToAStrangerNeedsForwarding) {
    constexpr std::string_view flow = "[[flow]]\nraw_tcp = { from = \"10.0.0.2:1\", to = \"192.0.2.1:80\" }\n";
    EXPECT_THAT(errors_with(flow), ElementsAre(HasSubstr("net.ipv4.ip_forward=1")));
    EXPECT_THAT(errors_with(std::string(flow) + "[host]\nsetup = [\"ip addr add 10.0.0.1/24 dev nic0\", " +
                            "\"sysctl net.ipv4.ip_forward=1\"]\n"),
                testing::IsEmpty());
}

TEST_F(ScenarioError, DeviceThatIsNotThere) {
    EXPECT_THAT(errors_with("device = \"nic7\"\n"),
                ElementsAre("case.toml:6: flow.device: found \"nic7\", allowed: nic0"));
}

TEST_F(ScenarioError, FlowOfTwoKinds) {
    EXPECT_THAT(errors_with("udp = { from = \"10.0.0.2:1\", to = \"10.0.0.1:80\" }\n"),
                ElementsAre("case.toml:6: flow: allowed: exactly one of tcp, udp, syn_scan, raw_tcp"));
}

TEST_F(ScenarioError, FlowWithoutItsFarEnd) {
    EXPECT_THAT(errors_of("[run]\npackets = 1\n[[flow]]\ntcp = { from = \"10.0.0.2:1\" }\n"),
                ElementsAre(StartsWith("case.toml:4: flow.tcp.to: missing")));
}

TEST_F(ScenarioError, TcpPayloadBeyondTheMtu) {
    EXPECT_THAT(errors_with("payload = \"1461B\"\n"),
                ElementsAre(HasSubstr("found 1461B, allowed with TCP: 0B to 1460B")));
}

TEST_F(ScenarioError, ConnectionsBeyondTheLastPort) {
    EXPECT_THAT(errors_with("connections = 30_000\n"), ElementsAre(HasSubstr("allowed: up to 25536")));
}

TEST_F(ScenarioError, RunWithoutAnEnd) {
    EXPECT_THAT(errors_of(std::string(sound_scenario).replace(sound_scenario.find("100"), 3, "0")),
                ElementsAre(StartsWith("case.toml:2: run.packets: found 0")));
}

TEST_F(ScenarioError, NothingToSimulate) {
    EXPECT_THAT(errors_of("[run]\npackets = 5\n"), ElementsAre(HasSubstr("missing: a [[flow]] or a [[replay]]")));
}

TEST_F(ScenarioError, CommandThatIsNone) {
    EXPECT_THAT(errors_with("[[at]]\ntime = \"1ms\"\ndo = \"frobnicate\"\n"),
                ElementsAre(StartsWith("case.toml:8: at.do: found \"frobnicate\"")));
    EXPECT_THAT(errors_with("[host]\nsetup = [\n  \"ip addr add 10.0.0.1/24 dev nic0\",\n  \"frobnicate\"]\n"),
                ElementsAre(StartsWith("case.toml:11: host.setup: found \"frobnicate\"")));
}

TEST_F(ScenarioError, UnknownStatisticNamesTheNearest) {
    EXPECT_THAT(errors_with("[expect]\n\"packets.recieved\" = 1\n"),
                ElementsAre("case.toml:9: expect.packets.recieved: no such statistic; did you mean packets.received?; "
                            "allowed: a name of `rxpath run --json`"));
}

TEST_F(ScenarioError, ComparedStatisticNeedsItsNameAndVariants) {
    const std::string compare = "[compare]\n\"net.ipv4.tcp_early_demux\" = [1, 0]\n";
    EXPECT_THAT(
        errors_with(compare + "[expect]\n\"saved.cycles_per_paket\" = 1\n"),
        ElementsAre("case.toml:11: expect.saved.cycles_per_paket: no such statistic; did you mean "
                    "cycles_per_packet?; allowed: a name of `rxpath run --json`, alone or after saved. or ratio."));
    EXPECT_THAT(errors_with("[expect]\n\"ratio.cycles_per_packet\" = 1\n"),
                ElementsAre("case.toml:9: expect.ratio.cycles_per_packet: allowed only with [compare]"));
}

TEST_F(ScenarioError, GlobalTableNeedsADefaultRoute) {
    EXPECT_THAT(errors_with("[host]\nsetup = [\"ip addr add 10.0.0.1/24 dev nic0\"]\n[routing]\nglobal_table = 1000\n"),
                ElementsAre(HasSubstr("routing.global_table: found \"routes global count 1\": ")));
}

TEST_F(ScenarioError, ConnectionsStayWithOneDestination) {
    EXPECT_THAT(errors_with("destinations = 2\n"),
                ElementsAre("case.toml:6: flow.destinations: found 2, allowed with tcp: 1"));
}

TEST_F(ScenarioError, ExpectationThatIsNone) {
    EXPECT_THAT(errors_with("[expect]\n\"packets.received\" = \"about 5\"\n"),
                ElementsAre(HasSubstr("found \"about 5\"")));
}

TEST_F(ScenarioError, UnknownParameterInCompare) {
    EXPECT_THAT(errors_with("[compare]\n\"nic.rng\" = [1]\n"), ElementsAre(HasSubstr("did you mean nic.ring?")));
}

TEST_F(ScenarioError, WrongValueInCompare) {
    EXPECT_THAT(errors_with("[compare]\n\"nic.ring\" = [1, \"a\"]\n"),
                ElementsAre(HasSubstr("compare.nic.ring: found \"a\"")));
}

TEST_F(ScenarioError, CaptureThatIsNotThere) {
    EXPECT_THAT(errors_of("[[replay]]\npcap = \"none.pcap\"\nlocal = \"10.0.0.1\"\n"),
                ElementsAre("case.toml:1: replay.pcap: none.pcap: no such file"));
}

TEST_F(ScenarioError, SettingThatIsWrong) {
    const auto file = write(sound_scenario);
    try {
        load_scenario(file, {{"flow.payload", "5"}, {"nic.rinG", "4"}});
        FAIL();
    } catch (const input_error& error) {
        EXPECT_THAT(without_folder(error.messages()),
                    ElementsAre(StartsWith("case.toml: setting: flow.payload: found 5, allowed: a size"),
                                "case.toml: setting: nic.rinG: no such parameter; did you mean nic.ring?"));
    }
}

TEST_F(ScenarioError, AllOfThemInOneGoByLine) {
    const auto errors =
        errors_with("paylod = 1\n[[listen]]\ntcp = \"10.0.9.9:80\"\n[cpu]\nfrequency = 3\n[host]\ncores = 0\n");
    EXPECT_THAT(errors, ElementsAre(StartsWith("case.toml:8: flow.paylod"), StartsWith("case.toml:9: listen"),
                                    StartsWith("case.toml:12: cpu.frequency"), StartsWith("case.toml:14: host.cores")));
}

}  // namespace
}  // namespace rxpath
