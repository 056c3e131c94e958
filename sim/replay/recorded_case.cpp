#include "sim/replay/recorded_case.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "models/base/net_device.h"
#include "sim/support/error.h"
#include "sim/support/input_file.h"

namespace rxpath {

namespace {

using nlohmann::json;

// Reads the members of one step; says where when one is missing or wrong.
class step_reader {
public:
    step_reader(const json& step, std::string where) : m_step(step), m_where(std::move(where)) {
        if (!step.is_object()) refuse("found no object, allowed: {\"do\": ...} or {\"packet\": ...}");
    }

    [[noreturn]] void refuse(std::string_view why) const { throw input_error(fmt::format("{}: {}", m_where, why)); }
    bool has(const char* key) const { return m_step.contains(key); }

    std::string text(const char* key) const {
        const auto found = m_step.find(key);
        if (found == m_step.end() || !found->is_string()) refuse(fmt::format("{}: missing, allowed: a text", key));
        return found->get<std::string>();
    }
    std::uint64_t number(const char* key, std::uint64_t most) const {
        const auto& found = m_step.at(key);
        if (!found.is_number_unsigned() || found.get<std::uint64_t>() > most)
            refuse(fmt::format("{}: found {}, allowed: 0 to {}", key, found.dump(), most));
        return found.get<std::uint64_t>();
    }
    bool flag(const char* key) const { return m_step.value(key, json{}) == json(true); }

    std::vector<std::uint8_t> bytes() const;
    packet_type destination() const;

private:
    const json& m_step;
    std::string m_where;
};

std::optional<unsigned> hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
    return std::nullopt;
}

std::vector<std::uint8_t> step_reader::bytes() const {
    const auto hex = text("bytes");
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < hex.size() + hex.size() % 2; i += 2) {
        const auto high = hex_digit(hex[i]), low = i + 1 < hex.size() ? hex_digit(hex[i + 1]) : std::nullopt;
        if (!high || !low) refuse(fmt::format("bytes: found no pair of hex digits at {}, allowed: 0-9a-f in pairs", i));
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    if (bytes.size() > 65535) refuse(fmt::format("bytes: found {} bytes, allowed: at most 65535", bytes.size()));
    return bytes;
}

packet_type step_reader::destination() const {
    const auto mac = has("dst_mac") ? text("dst_mac") : "host";
    if (mac == "host" || mac == "-") return packet_type::host;
    if (mac == "other") return packet_type::otherhost;
    if (mac == "bcast") return packet_type::broadcast;
    if (mac == "mcast") return packet_type::multicast;
    refuse(fmt::format("dst_mac: found '{}', allowed: host, other, bcast, mcast", mac));
}

case_step read_step(const step_reader& given) {
    case_step step;
    if (given.has("do")) {
        step.command = given.text("do");
        return step;
    }
    const bool queued = given.flag("queued");
    if (!queued && !given.has("packet")) given.refuse("found neither do, packet nor queued");
    if (!queued) step.number = given.number("packet", std::uint64_t{1} << 62);
    if (given.flag("poll")) {
        step.type = case_step::kind::poll;
        return step;
    }
    step.type = queued ? case_step::kind::queued : case_step::kind::packet;
    step.device = given.text("dev");
    if (!dev_valid_name(step.device))
        given.refuse(fmt::format("dev: found \"{}\", allowed: {}", step.device, valid_device_names));
    step.frame.bytes = given.bytes();
    step.frame.length = {step.frame.bytes.size()};
    step.frame.type = given.destination();
    // The recorded host's TAP device does not pass on what the NIC verified: the kernel computes every checksum itself.
    step.frame.csum_verified_by_nic = false;
    if (given.has("server_isn")) step.server_isn = static_cast<std::uint32_t>(given.number("server_isn", 0xffffffff));
    return step;
}

constexpr int most_levels = 64;  // of objects and lists; what works on the tree is recursive

// Goes through a text for the parser, which does not tell where it is, and counts lines.
struct line_counter {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    reference operator*() const { return *at; }
    line_counter& operator++() {
        if (*at++ == '\n') ++*line;
        return *this;
    }
    bool operator!=(const line_counter& other) const { return at != other.at; }
    bool operator==(const line_counter& other) const { return at == other.at; }

    pointer at;
    std::uint32_t* line;
};

// The whole file, and the line of each element of "steps".
struct located_json {  // NOLINT(bugprone-exception-escape): moving a JSON value throws nothing
    json root;
    std::vector<std::uint32_t> lines;
};

located_json parse_file(const std::string& file) {
    const auto text = read_input_file(file, most_bytes_of::recorded_case);
    located_json read;
    std::uint32_t line = 1;
    bool in_steps = false;
    const auto note = [&](int level, json::parse_event_t event, const json& parsed) {
        using event_type = json::parse_event_t;
        if (level > most_levels)
            throw input_error(
                fmt::format("{}:{}: found more than {} levels, allowed: at most that", file, line, most_levels));
        if (level == 1 && event == event_type::key) in_steps = parsed == "steps";
        const bool ends = event == event_type::object_end || event == event_type::array_end;
        if (level == 2 && in_steps && !ends && event != event_type::key) read.lines.push_back(line);
        return true;
    };
    try {
        const char* begin = text.data();
        read.root = json::parse(line_counter{begin, &line}, line_counter{begin + text.size(), &line}, note);
    } catch (const json::exception& error) {
        throw input_error(fmt::format("{}:{}: no JSON: {}", file, line, error.what()));
    }
    return read;
}

}  // namespace

recorded_case read_case(const std::string& file) {
    const auto [root, lines] = parse_file(file);
    if (!root.is_object() || !root.contains("steps") || !root["steps"].is_array())
        throw input_error(fmt::format("{}: found no list \"steps\", allowed: a recorded case", file));
    recorded_case recorded;
    const auto name = root.value("case", json{});
    if (!name.is_string()) throw input_error(fmt::format("{}: case: missing, allowed: the case's name", file));
    recorded.file = file;
    recorded.name = name.get<std::string>();
    std::vector<std::string> wrong;
    for (std::size_t i = 0; i < root["steps"].size(); ++i) {
        try {
            recorded.steps.push_back(
                read_step({root["steps"][i], fmt::format("{}:{}: step {}", file, lines.at(i), i + 1)}));
            recorded.steps.back().line = lines[i];
        } catch (const input_error& error) {
            wrong.insert(wrong.end(), error.messages().begin(), error.messages().end());
        }
    }
    if (!wrong.empty()) throw input_error(wrong);
    return recorded;
}

}  // namespace rxpath
