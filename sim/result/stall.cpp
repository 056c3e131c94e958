#include "sim/result/stall.h"

#include <fmt/format.h>

namespace rxpath {

namespace {

std::string_view to_string(flow_spec::kind type) {
    constexpr std::string_view names[] = {"tcp", "udp", "syn_scan", "raw_tcp"};
    return names[static_cast<std::size_t>(type)];
}

std::string some(std::uint64_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string describe(const stalled_flow& stalled, const flow_spec& flow) {
    auto text = fmt::format("stalled: flow {} ({} from {} to {}): ", stalled.flow + 1, to_string(flow.type),
                            flow.from.to_string(), flow.to.to_string());
    if (stalled.packets != 0) return text + some(stalled.packets, "packet") + " never sent";
    return text + some(stalled.connections, "connection") + " never closed";
}

}  // namespace

std::vector<std::string> describe_stalls(const measurements& measured, const host_spec& spec) {
    std::vector<std::string> sentences;
    for (const auto& each : measured.stalled) sentences.push_back(describe(each, spec.flows[each.flow]));
    return sentences;
}

}  // namespace rxpath
