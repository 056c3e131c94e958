#include "sim/parameter/parameters.h"

#include <gmock/gmock.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "models/cpu/core_preset.h"
#include "sim/parameter/parameter_text.h"

namespace rxpath {
namespace {

host_spec with_nics_and_a_flow() {
    host_spec spec;
    spec.nics.resize(2);
    spec.nics[1].name = "nic1";
    spec.flows.resize(1);
    return spec;
}

TEST(Parameters, NamesAreUnique) {
    std::set<std::string_view> names;
    for (const auto& entry : parameters()) EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
}

TEST(Parameters, EachHasHelpAndASource) {
    for (const auto& entry : parameters()) {
        EXPECT_FALSE(entry.help.empty()) << entry.name;
        EXPECT_FALSE(entry.source.empty()) << entry.name;
    }
}

bool is_core_number(const parameter& entry) { return std::holds_alternative<by_core_preset>(entry.set); }

TEST(Parameters, AssumedNumbersHaveAPlausibleRange) {
    for (const auto& entry : parameters()) {
        const bool assumed = entry.source == "assumed";
        const bool by_another_model = is_core_number(entry) && entry.plausible;
        EXPECT_EQ(entry.plausible.has_value(), assumed || by_another_model) << entry.name;
    }
}

TEST(Parameters, PlausibleRangeIsAllowedAndHoldsTheDefault) {
    for (const auto* entry : assumed_parameters()) {
        const auto& plausible = *entry->plausible;
        value fallback, end;
        ASSERT_TRUE(parse_value(*entry, entry->fallback, fallback)) << entry->name;
        EXPECT_LT(plausible.low, fallback.number) << entry->name;
        EXPECT_GT(plausible.high, fallback.number) << entry->name;
        for (const auto number : {plausible.low, plausible.high}) {
            ASSERT_TRUE(parse_value(*entry, written_number(entry->kind, number), end)) << entry->name;
            EXPECT_EQ(end.number, number) << entry->name;
        }
        EXPECT_FALSE(plausible.why.empty()) << entry->name;
    }
}

// In the preset's units, as set_core_number() stores them.
double core_number(const parameter& entry, double number) {
    host_spec spec;
    set_core_number(spec, entry, {number, ""});
    return spec.cpu.numbers.begin()->second;
}

TEST(Parameters, DefaultsAndSourcesOfCoreNumbersAreThoseOfZen3) {
    std::size_t rows = 0;
    for (const auto& row : core_preset_rows()) {
        if (row.model != "zen3") continue;
        const auto entry = find_parameter("cpu." + row.number);
        ASSERT_TRUE(entry) << row.number;
        value fallback;
        ASSERT_TRUE(parse_value(*entry->entry, entry->entry->fallback, fallback)) << row.number;
        EXPECT_DOUBLE_EQ(core_number(*entry->entry, fallback.number), row.value) << row.number;
        EXPECT_EQ(entry->entry->source, row.assumed() ? "assumed" : "preset") << row.number;
        ++rows;
    }
    EXPECT_EQ(rows, std::count_if(parameters().begin(), parameters().end(), is_core_number));
}

TEST(Parameters, WhatAnyModelAssumesIsWithinItsPlausibleRange) {
    for (const auto& row : core_preset_rows()) {
        if (!row.assumed()) continue;
        const auto* entry = find_parameter("cpu." + row.number)->entry;
        ASSERT_TRUE(entry->plausible) << row.model << " " << row.number;
        EXPECT_LE(core_number(*entry, entry->plausible->low), row.value) << row.model << " " << row.number;
        EXPECT_GE(core_number(*entry, entry->plausible->high), row.value) << row.model << " " << row.number;
    }
}

TEST(Parameters, WhatIsAssumedDependsOnTheModel) {
    const auto names_of = [](std::string_view model) {
        std::set<std::string_view> names;
        for (const auto* entry : assumed_parameters(model)) names.insert(entry->name);
        return names;
    };
    EXPECT_EQ(names_of("zen3").count("cpu.dram_latency"), 1u);
    EXPECT_EQ(names_of("zen3").count("cpu.llc.latency"), 0u);
    EXPECT_EQ(names_of("icelake-server").count("cpu.dram_latency"), 0u);
    EXPECT_EQ(names_of("icelake-server").count("cpu.llc.latency"), 1u);
    EXPECT_EQ(names_of("icelake-server").count("cpu.irq"), 1u);
}

TEST(Parameters, CoreNumberHoldsOverTheModelWhicheverIsSetFirst) {
    host_spec before, after;
    EXPECT_EQ(apply({"cpu.l2.latency", "20cycles"}, before), std::nullopt);
    EXPECT_EQ(apply({"cpu.model", "neoverse-n1"}, before), std::nullopt);
    EXPECT_EQ(apply({"cpu.model", "neoverse-n1"}, after), std::nullopt);
    EXPECT_EQ(apply({"cpu.l2.latency", "20cycles"}, after), std::nullopt);
    for (const auto* spec : {&before, &after}) {
        const auto preset = make_core_preset(spec->cpu.model, spec->cpu.numbers);
        EXPECT_EQ(preset.l2.latency, 20u);
        EXPECT_EQ(preset.l2.size, 1024u * 1024);
    }
}

TEST(Parameters, CoreNumbersAreTakenInTheirUnits) {
    host_spec spec;
    for (const auto& given : std::vector<setting>{{"cpu.dram_latency", "80ns"},
                                                  {"cpu.l1d.size", "64KiB"},
                                                  {"cpu.prefetch.stride", "false"},
                                                  {"cpu.exposed_load", "0.5"}}) {
        EXPECT_EQ(apply(given, spec), std::nullopt);
    }
    const auto preset = make_core_preset(spec.cpu.model, spec.cpu.numbers);
    EXPECT_EQ(preset.dram_latency_ns, 80);
    EXPECT_EQ(preset.l1d.size, 65536u);
    EXPECT_FALSE(preset.stride_prefetch);
    EXPECT_EQ(preset.exposed_load, 0.5);
}

TEST(Parameters, EveryModelMayBeChosen) {
    const auto choices = find_parameter("cpu.model")->entry->choices;
    EXPECT_EQ(choices, fmt::format("{}", fmt::join(core_models(), "|")));
}

TEST(Parameters, DefaultsAreAllowedValues) {
    for (const auto& entry : parameters()) {
        value ignored;
        EXPECT_TRUE(parse_value(entry, entry.fallback, ignored)) << entry.name;
    }
}

// The defaults in the table are those a host_spec has by itself: setting them changes nothing.
TEST(Parameters, DefaultsInTheTableAreThoseOfTheSpec) {
    const auto untouched = with_nics_and_a_flow();
    auto spec = untouched;
    for (const auto& entry : parameters()) {
        if (std::holds_alternative<by_sysctl>(entry.set) || is_core_number(entry)) continue;
        ASSERT_EQ(apply({std::string(entry.name), std::string(entry.fallback)}, spec), std::nullopt);
    }
    EXPECT_EQ(spec.packets, untouched.packets);
    EXPECT_EQ(spec.warmup_packets, untouched.warmup_packets);
    EXPECT_EQ(spec.seed, untouched.seed);
    EXPECT_EQ(spec.timing, untouched.timing);
    EXPECT_EQ(spec.cpu.irq_cycles, untouched.cpu.irq_cycles);
    EXPECT_EQ(spec.cpu.model, untouched.cpu.model);
    EXPECT_EQ(spec.cpu.mitigations, untouched.cpu.mitigations);
    EXPECT_EQ(spec.wire.peer_latency, untouched.wire.peer_latency);
    EXPECT_EQ(spec.napi.weight, untouched.napi.weight);
    EXPECT_EQ(spec.napi.budget, untouched.napi.budget);
    EXPECT_EQ(spec.napi.gro_normal_batch, untouched.napi.gro_normal_batch);
    EXPECT_EQ(spec.application.wakeup_cycles, untouched.application.wakeup_cycles);
    EXPECT_EQ(spec.application.read_cycles, untouched.application.read_cycles);
    EXPECT_EQ(spec.application.copy_bytes_per_cycle, untouched.application.copy_bytes_per_cycle);
    const auto &nic = spec.nics[0], &plain_nic = untouched.nics[0];
    EXPECT_EQ(nic.rate_bits_per_second, plain_nic.rate_bits_per_second);
    EXPECT_EQ(nic.ring, plain_nic.ring);
    EXPECT_EQ(nic.dma_latency, plain_nic.dma_latency);
    EXPECT_EQ(nic.interrupt_latency, plain_nic.interrupt_latency);
    EXPECT_EQ(nic.interrupt_moderation, plain_nic.interrupt_moderation);
    EXPECT_EQ(nic.napi, plain_nic.napi);
    EXPECT_EQ(nic.checksum_offload, plain_nic.checksum_offload);
    EXPECT_EQ(nic.dma, plain_nic.dma);
    const auto &flow = spec.flows[0], &plain_flow = untouched.flows[0];
    EXPECT_EQ(flow.payload, plain_flow.payload);
    EXPECT_EQ(flow.interval, plain_flow.interval);
    EXPECT_EQ(flow.start, plain_flow.start);
    EXPECT_EQ(flow.packets, plain_flow.packets);
    EXPECT_EQ(flow.connections, plain_flow.connections);
    EXPECT_EQ(flow.close, plain_flow.close);
    EXPECT_EQ(flow.server_closes, plain_flow.server_closes);
    EXPECT_EQ(flow.packets_per_connection, plain_flow.packets_per_connection);
}

TEST(Parameters, NicParameterSetsAllNicsOrTheOneNamed) {
    auto spec = with_nics_and_a_flow();
    EXPECT_EQ(apply({"nic.ring", "64"}, spec), std::nullopt);
    EXPECT_EQ(apply({"nic.nic1.ring", "128"}, spec), std::nullopt);
    EXPECT_EQ(spec.nics[0].ring, 64u);
    EXPECT_EQ(spec.nics[1].ring, 128u);
}

TEST(Parameters, SettingOfANicThatIsNotThereIsAnError) {
    auto spec = with_nics_and_a_flow();
    EXPECT_NE(apply({"nic.nic7.ring", "64"}, spec), std::nullopt);
}

TEST(Parameters, FlowSettingWithoutAFlowIsAnError) {
    host_spec spec;
    EXPECT_NE(apply({"flow.payload", "64B"}, spec), std::nullopt);
}

TEST(Parameters, RateBecomesTheIntervalBetweenPackets) {
    auto spec = with_nics_and_a_flow();
    EXPECT_EQ(apply({"flow.rate", "1Mpps"}, spec), std::nullopt);
    EXPECT_EQ(spec.flows[0].interval, microseconds(1));
}

TEST(Parameters, SysctlBecomesTheLastCommandOfTheSetup) {
    host_spec spec;
    spec.setup = {"sysctl net.ipv4.tcp_early_demux=1"};
    EXPECT_EQ(apply({"net.ipv4.tcp_early_demux", "0"}, spec), std::nullopt);
    EXPECT_EQ(spec.setup.back(), "sysctl net.ipv4.tcp_early_demux=0");
    EXPECT_EQ(spec.setup.size(), 2u);
}

TEST(Parameters, SysctlOfADeviceTakesTheDevicesName) {
    host_spec spec;
    EXPECT_EQ(apply({"net.ipv4.conf.nic0.rp_filter", "1"}, spec), std::nullopt);
    EXPECT_EQ(spec.setup.back(), "sysctl net.ipv4.conf.nic0.rp_filter=1");
    EXPECT_FALSE(find_parameter("net.ipv4.conf.rp_filter"));
    EXPECT_FALSE(find_parameter("net.ipv4.conf.a.b.rp_filter"));
}

TEST(Parameters, MisspelledNameIsAnErrorWithTheNearestOne) {
    host_spec spec;
    EXPECT_THAT(apply({"cpu.frequncy", "3GHz"}, spec).value_or(""), testing::HasSubstr("did you mean cpu.frequency?"));
}

TEST(Parameters, WhatNothingReadsIsRefusedAndSaysWhy) {
    host_spec spec;
    EXPECT_EQ(
        apply({"cpu.core_to_core_latency", "20ns"}, spec),
        "cpu.core_to_core_latency: found 20ns, allowed: not to set it; nothing would read it: a host has one core "
        "yet");
    EXPECT_TRUE(spec.cpu.numbers.empty());
}

TEST(Parameters, WrongValueIsAnErrorThatSaysWhatIsAllowed) {
    host_spec spec;
    EXPECT_EQ(apply({"cpu.frequency", "3"}, spec),
              "cpu.frequency: found 3, allowed: a frequency with a unit (Hz, kHz, MHz, GHz), 100MHz to 10GHz");
    EXPECT_EQ(apply({"run.timing", "slow"}, spec), "run.timing: found slow, allowed: one of exact|fast");
}

TEST(ParameterText, DocsHaveTheTableAsItIs) {
    std::ifstream file(RXPATH_SOURCE_DIR "/docs/parameters.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(text, parameters_markdown()) << "run: rxpath params --markdown > docs/parameters.md";
}

TEST(ParameterText, SchemaKnowsEverySectionAndItsUnits) {
    const auto schema = parameters_json_schema();
    EXPECT_EQ(schema["properties"]["run"]["properties"]["packets"]["type"], "integer");
    EXPECT_EQ(schema["properties"]["flow"]["items"]["properties"]["payload"]["pattern"],
              "^[0-9][0-9_.]*(B|kB|KiB|MB|MiB|GiB)$");
    EXPECT_EQ(schema["properties"]["cpu"]["properties"]["l1d"]["properties"]["ways"]["maximum"], 64);
    EXPECT_EQ(schema["properties"]["nic"]["additionalProperties"]["properties"]["ring"]["maximum"], 65536);
}

TEST(ParameterText, AssumedListHasOnlyNumbersWithoutASource) {
    const auto text = assumed_parameters_text({});
    EXPECT_THAT(text, testing::HasSubstr("cpu.base_cycles_per_instruction"));
    EXPECT_THAT(text, testing::HasSubstr("0.25 to 0.8"));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("napi.budget")));
}

}  // namespace
}  // namespace rxpath
