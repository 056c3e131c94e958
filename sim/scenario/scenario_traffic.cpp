#include <fmt/format.h>

#include <filesystem>

#include "sim/scenario/capture.h"
#include "sim/scenario/scenario_draft.h"
#include "sim/support/error.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr std::string_view a_device = "the name of a NIC";

void read_listener(toml_section& section, scenario_draft& draft) {
    const auto errors_before = draft.errors.count();
    listen_spec listener;
    const auto tcp = section.take_endpoint("tcp"), udp = section.take_endpoint("udp");
    listener.protocol = udp ? transport::udp : transport::tcp;
    listener.device = section.take_text("device", a_device).value_or("");
    listener.peer = section.take_endpoint("peer");
    if (section.has("tcp") == section.has("udp")) {
        draft.errors.add(section.line(), "listen", "allowed: either tcp = \"A:P\" or udp = \"A:P\"");
    }
    if (listener.peer && tcp) draft.errors.add(section.line(), "listen.peer", "allowed: with udp only");
    if (tcp || udp) listener.local = tcp ? *tcp : *udp;
    if (draft.errors.count() != errors_before) return;
    draft.result.host.listeners.push_back(listener);
    draft.lines.listeners.push_back(section.line());
}

// tcp = { from = "A:P", to = "A:P" }, and the like for the other kinds.
bool read_ends(toml_section& section, std::string_view key, flow_spec& flow, scenario_draft& draft) {
    const auto* table = section.take_table(key, "{ from = \"A:P\", to = \"A:P\" }");
    if (!table) return false;
    toml_section ends(*table, section.key_path(key), draft.errors);
    for (const auto& [name, end] : {std::pair{"from", &flow.from}, std::pair{"to", &flow.to}}) {
        if (const auto given = ends.take_endpoint(name)) *end = *given;
        if (!ends.has(name)) draft.errors.add(ends.line(), ends.key_path(name), "missing: an address and a port");
    }
    if (key == "syn_scan") flow.ports = static_cast<std::uint32_t>(ends.take_count("ports", 1, 65535).value_or(1));
    return true;
}

void read_flow(toml_section& section, scenario_draft& draft) {
    using kind = flow_spec::kind;
    const auto errors_before = draft.errors.count();
    flow_spec flow;
    int kinds = 0;
    for (const auto& [key, type] : {std::pair{"tcp", kind::tcp}, std::pair{"udp", kind::udp},
                                    std::pair{"syn_scan", kind::syn_scan}, std::pair{"raw_tcp", kind::raw_tcp}}) {
        if (read_ends(section, key, flow, draft)) flow.type = type;
        kinds += section.has(key) ? 1 : 0;
    }
    if (kinds != 1) draft.errors.add(section.line(), "flow", "allowed: exactly one of tcp, udp, syn_scan, raw_tcp");
    section.take_parameters("flow", flow);
    flow.device = section.take_text("device", a_device).value_or("");
    for (auto& [device, line] : section.take_texts("devices")) flow.devices.push_back(device);
    const bool expect_closed = section.take_flag("expect_closed");
    if (draft.errors.count() != errors_before) return;
    draft.expect_closed.push_back(expect_closed);
    draft.result.host.flows.push_back(flow);
    draft.lines.flows.push_back(section.line());
}

std::string note_of(const std::string& pcap, const capture& read) {
    return fmt::format("{}: {} {} without a frame longer than {} days; {} days of {} are left out", pcap,
                       read.shortened_gaps, read.shortened_gaps == 1 ? "time" : "times", longest_gap / seconds_per_day,
                       grouped(read.seconds_left_out / seconds_per_day), read.shortened_gaps == 1 ? "it" : "them");
}

std::vector<capture_frame> read_frames(const std::string& pcap, ipv4_address local, toml_section& section,
                                       scenario_draft& draft) {
    try {
        const auto path = std::filesystem::path(draft.result.file).parent_path() / pcap;
        draft.result.inputs.push_back(path);
        auto read = read_capture(path.string(), local);
        if (read.shortened_gaps != 0) draft.result.notes.push_back(note_of(pcap, read));
        return std::move(read.frames);
    } catch (const input_error& error) {
        draft.errors.add(section.line(), "replay.pcap", error.what());
        return {};
    }
}

void read_replay(toml_section& section, scenario_draft& draft) {
    const auto device = section.take_text("device", a_device).value_or(draft.result.host.nics.front().name);
    const auto local = section.take_text("local", "an address such as \"10.0.0.1\"");
    const auto pcap = section.take_text("pcap", "the path of a capture, from the scenario's folder on");
    const auto address = parse_ipv4_address(local.value_or(""));
    if (!address) draft.errors.add(section.line(), "replay.local", "allowed: an address such as \"10.0.0.1\"");
    if (!pcap) draft.errors.add(section.line(), "replay.pcap", "missing: the path of a capture");
    if (!address || !pcap) return;
    auto frames = read_frames(*pcap, *address, section, draft);
    if (frames.empty()) return;
    draft.result.host.replays.push_back({device, *address, std::move(frames)});
    draft.lines.replays.push_back(section.line());
}

void read_command(toml_section& section, scenario_draft& draft) {
    const auto errors_before = draft.errors.count();
    const auto* time = section.take("time");
    const auto command = section.take_text("do", "a command such as \"ip route add 192.0.2.0/24 via 10.0.0.2\"");
    value parsed;
    const auto text = time ? scalar_text(*time, value_kind::duration) : std::nullopt;
    if (!text || !parse_value(value_kind::duration, {0, 9e15}, *text, parsed)) {
        const auto found = time ? fmt::format("found {}, ", written(*time)) : "missing, ";
        draft.errors.add(section.line(), "at.time", found + "allowed: " + describe(value_kind::duration));
    }
    if (!section.has("do")) draft.errors.add(section.line(), "at.do", "missing: a command");
    if (draft.errors.count() != errors_before) return;
    draft.result.host.at.push_back({{parsed.count()}, command.value_or("")});
    draft.lines.at.push_back(section.line());
}

}  // namespace

void read_traffic(toml_section& file, scenario_draft& draft) {
    const auto read_all = [&](std::string_view key, bool& broken, auto read) {
        for_each_table(file, key, draft, broken, [&](toml_section& section) { read(section, draft); });
    };
    read_all("listen", draft.broken.listeners, read_listener);
    read_all("flow", draft.broken.traffic, read_flow);
    read_all("replay", draft.broken.traffic, read_replay);
    read_all("at", draft.broken.traffic, read_command);
}

}  // namespace rxpath
