#include "sim/explanation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace rxpath {
namespace {

using testing::HasSubstr;

// A call of tcp_v4_early_demux() costs 70 instructions and 5 for the lookup, one of what it calls 96; all else is free.
int instructions_of(fn function, std::string_view step) {
    if (function == fn::__inet_lookup_established) return step.empty() ? 96 : 0;
    if (function != fn::tcp_v4_early_demux) return 0;
    return step.empty() ? 70 : step == "lookup" ? 5 : 0;
}

cost_profile small_profile() {
    std::string csv = "function,step,instructions,loads,stores,source\n";
    for (std::size_t i = 0; i < function_count; ++i) {
        const auto function = static_cast<fn>(i);
        const auto& described = describe(function);
        const auto add = [&](std::string_view step) {
            csv += fmt::format("{},{},{},0,0,assumed\n", described.name, step, instructions_of(function, step));
        };
        add("");
        for (std::size_t step = 0; step < described.step_count(); ++step) add(described.step_name(step));
    }
    return cost_profile::parse(csv, "small");
}

measurements one_lookup() {
    measurements measured;
    auto& trace = measured.explained;
    trace.keep_reasons(true);
    {
        kernel_call here{trace, fn::tcp_v4_early_demux};
        here.took(path::tcp_v4_early_demux::lookup);
        kernel_call below{trace, fn::__inet_lookup_established};
        trace.reason([] { return std::string("no socket of 10.0.0.2:40000"); });
    }
    measured.explained_stages = {stage::early_demux, stage::early_demux};
    measured.explained_cycles = {45.0, 57.6};
    return measured;
}

TEST(Explanation, CallCostsItsBaseAndItsStepsAndItsCalleesAndItsCycles) {
    const auto text = explanation_tree(one_lookup(), small_profile(), {});
    EXPECT_THAT(text, HasSubstr("      75      171     45.0  early_demux   tcp_v4_early_demux: lookup\n"));
    EXPECT_THAT(text, HasSubstr("      96       96     57.6                  __inet_lookup_established\n"));
}

TEST(Explanation, ReasonStandsBelowItsCall) {
    EXPECT_THAT(
        explanation_tree(one_lookup(), small_profile(), {}),
        HasSubstr(
            "__inet_lookup_established\n                                             > no socket of 10.0.0.2:40000\n"));
}

TEST(Explanation, HeaderHasDecisionsAndLatencies) {
    packet_record record;
    record.number = 3;
    record.arrival = microseconds(1);
    record.at_socket = microseconds(3);
    record.outcome = packet_outcome::delivered;
    record.early_demux = early_demux_outcome::dst_reused;
    record.routed_by = route_source::early_demux;
    const auto text = explanation_header(record, {}, {});
    EXPECT_THAT(text, HasSubstr("packet 3: delivered"));
    EXPECT_THAT(text, HasSubstr("on its socket after 2,000 ns"));
    EXPECT_THAT(text, HasSubstr("early demux: dst_reused; dst from: early_demux"));
}

}  // namespace
}  // namespace rxpath
