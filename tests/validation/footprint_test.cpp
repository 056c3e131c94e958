// The distinct heap lines that each function touches, against what was recorded from a Linux 6.12.117
// (tests/validation/ data): per function over all its calls for one packet, without what closed subtrees do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "models/cpu/footprint.h"
#include "sim/replay/case_player.h"

#include "models/base/memory_objects.h"

namespace rxpath {
namespace {

using lines_by_function = std::map<std::string, std::set<heap_address>>;

const std::string folder = std::string{RXPATH_SOURCE_DIR} + "/tests/";

lines_by_function recorded(const std::string& name) {
    std::ifstream file(folder + "validation/data/" + name + ".csv");
    EXPECT_TRUE(file) << name;
    lines_by_function lines;
    std::string row;
    std::getline(file, row);
    while (std::getline(file, row)) {
        const auto comma = row.find(',');
        lines[row.substr(0, comma)].insert(std::strtoull(row.c_str() + comma + 1, nullptr, 16));
    }
    return lines;
}

// Per-CPU data, the stack, the kernel's image and the task are no heap objects, or other ones in the recordings.
bool is_heap(heap_address line) {
    for (const auto kind : {memory_object::per_cpu, memory_object::stack, memory_object::image})
        if (line >= address_of(kind, 0) && line < address_of(kind, 0) + (heap_address{1} << 40)) return false;
    return true;
}

lines_by_function lines_of(const call_trace& trace) {
    lines_by_function lines;
    footprint touched(access_profile::built_in());
    touched.restart();
    touched.visit_new(trace, [&](std::uint32_t call, const line_access& access) {
        const auto& function = describe(trace.calls()[call].function);
        if (function.kind == function_kind::receive && is_heap(access.line))
            lines[std::string{function.name}].insert(access.line);
    });
    return lines;
}

// What the model touches for packets of a recorded case.
std::map<std::uint64_t, lines_by_function> modelled(const std::string& name, const std::set<std::uint64_t>& packets) {
    std::map<std::uint64_t, lines_by_function> result;
    const auto played = read_case(folder + "conformance/data/" + name + ".json");
    case_player player(played);
    player.observe([&](std::uint64_t number, const call_trace& trace) {
        if (packets.count(number) != 0) result[number] = lines_of(trace);
    });
    player.play();
    return result;
}

std::set<heap_address> all_of(const lines_by_function& lines) {
    std::set<heap_address> all;
    for (const auto& [function, touched] : lines) all.insert(touched.begin(), touched.end());
    return all;
}

// Lines that the other packet does not touch, but for the packet itself: what GRO, IP and the checksum read before any
// socket is known.
std::size_t differing(const lines_by_function& lines, const lines_by_function& first) {
    auto known = all_of(first);
    for (const auto* function :
         {"napi_gro_receive", "dev_gro_receive", "inet_gro_receive", "ip_rcv_core", "csum_partial"})
        if (const auto found = lines.find(function); found != lines.end())
            known.insert(found->second.begin(), found->second.end());
    std::size_t count = 0;
    for (const auto line : all_of(lines)) count += known.count(line) == 0 ? 1u : 0u;
    return count;
}

double error(std::size_t modelled, std::size_t recorded) {
    return std::abs(static_cast<double>(modelled) / static_cast<double>(recorded) - 1);
}

// At least 90 % of the recorded functions within one line, and the total within 5 %.
void expect_agreement(const std::string& name, const lines_by_function& model) {
    const auto kernel = recorded(name);
    std::size_t within = 0;
    std::string table = fmt::format("{}\n{:<36}{:>8}{:>8}\n", name, "function", "kernel", "model");
    for (const auto& [function, lines] : kernel) {
        const auto found = model.find(function);
        const auto count = found == model.end() ? 0 : found->second.size();
        const bool close = count + 1 >= lines.size() && count <= lines.size() + 1;
        if (close) ++within;
        if (count != lines.size())
            table += fmt::format("{:<36}{:>8}{:>8}{}\n", function, lines.size(), count, close ? "" : "  <");
    }
    const auto all = all_of(model).size(), all_recorded = all_of(kernel).size();
    table += fmt::format("all in scope: {} recorded, {} modelled; {} of {} functions within one line\n", all_recorded,
                         all, within, kernel.size());
    EXPECT_GE(static_cast<double>(within), 0.9 * static_cast<double>(kernel.size())) << table;
    EXPECT_LE(error(all, all_recorded), 0.05) << table;
    if (std::getenv("RXPATH_SHOW_FOOTPRINT") != nullptr) fmt::print("{}", table);
}

void expect_same_difference(const std::string& name, const lines_by_function& model, const std::string& first_name,
                            const lines_by_function& first_model) {
    const auto kernel = differing(recorded(name), recorded(first_name));
    const auto ours = differing(model, first_model);
    const auto text = fmt::format("{}: {} lines differ from {}, in the model {}\n", name, kernel, first_name, ours);
    EXPECT_LE(error(ours, kernel), 0.10) << text;
    if (std::getenv("RXPATH_SHOW_FOOTPRINT") != nullptr) fmt::print("{}", text);
}

TEST(Footprint, AgreesWithTheKernelForOneConnection) {
    const auto model = modelled("established", {5, 18});
    expect_agreement("established_cached_dst", model.at(5));
    expect_agreement("established_full_lookup", model.at(18));
}

TEST(Footprint, AgreesWithTheKernelForThreeOfAHundredConnections) {
    const auto model = modelled("conns_100", {455, 456, 457, 503, 504});
    expect_agreement("conns_100_flow_0_cached_dst", model.at(455));
    expect_agreement("conns_100_flow_1_cached_dst", model.at(456));
    expect_agreement("conns_100_flow_2_cached_dst", model.at(457));
    expect_agreement("conns_100_flow_0_full_lookup", model.at(503));
    expect_agreement("conns_100_flow_1_full_lookup", model.at(504));
    const std::string cached = "conns_100_flow_0_cached_dst", full = "conns_100_flow_0_full_lookup";
    expect_same_difference("conns_100_flow_1_cached_dst", model.at(456), cached, model.at(455));
    expect_same_difference("conns_100_flow_2_cached_dst", model.at(457), cached, model.at(455));
    expect_same_difference("conns_100_flow_1_full_lookup", model.at(504), full, model.at(503));
}

}  // namespace
}  // namespace rxpath
