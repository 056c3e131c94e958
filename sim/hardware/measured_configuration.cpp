#include "sim/hardware/measured_configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/support/error.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

using configuration = measured_configuration;

constexpr ipv4_address client{0x0a000002};  // 10.0.0.2
constexpr std::uint16_t first_client_port = 10'000;
constexpr std::uint32_t first_route = 0x0b000000;  // 11.0.0.0/24, the next ones after it
constexpr std::uint32_t first_rule = 0xcb007101;   // from 203.0.113.1 on (RFC 5737): nobody sends from there

const configuration_column& column_named(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& column : configuration_columns()) {
        if (column.name == name) return column;
        names.push_back(column.name);
    }
    throw input_error(
        fmt::format("--config: found \"{}\", allowed: {}{}", name, fmt::join(names, ", "), did_you_mean(name, names)));
}

std::uint32_t parse_count(const configuration_column& column, std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failure == std::errc{} && end == text.data() + text.size();
    if (whole && number >= column.least && number <= column.most) return number;
    throw input_error(
        fmt::format("--config: {}: found \"{}\", allowed: {} to {}", column.name, text, column.least, column.most));
}

}  // namespace

bool operator==(const configuration& a, const configuration& b) {
    const auto& columns = configuration_columns();
    return std::all_of(columns.begin(), columns.end(),
                       [&](auto& column) { return a.*column.value == b.*column.value; });
}

const std::vector<configuration_column>& configuration_columns() {
    static const std::vector<configuration_column> columns{
        {"routes", &configuration::routes, 0, 1'000'000}, {"rules", &configuration::rules, 0, 250},
        {"rp_filter", &configuration::rp_filter, 0, 2},   {"flows", &configuration::flows, 1, 50'000},
        {"payload", &configuration::payload, 0, 1460},    {"ack_only", &configuration::ack_only, 0, 1},
    };
    return columns;
}

configuration parse_configuration(std::string_view text) {
    configuration parsed;
    for (const auto& part : split(text, ',')) {
        const auto equals = part.find('=');
        if (equals == std::string::npos) {
            throw input_error(fmt::format("--config: found \"{}\", allowed: NAME=NUMBER,...", part));
        }
        const auto& column = column_named(part.substr(0, equals));
        parsed.*column.value = parse_count(column, part.substr(equals + 1));
    }
    return parsed;
}

std::string to_string(const configuration& shown) {
    std::string text;
    for (const auto& column : configuration_columns()) {
        if (shown.*column.value == configuration{}.*column.value) continue;
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", column.name, shown.*column.value);
    }
    return text.empty() ? "base" : text;
}

std::uint32_t rounds_before_measuring(const configuration& of) {
    constexpr std::uint32_t least_rounds = 20, least_segments = 20'000;
    return std::max(least_rounds, least_segments / of.flows);
}

endpoint measured_client(std::uint32_t flow) {
    return {client, {static_cast<std::uint16_t>(first_client_port + flow)}};
}

std::vector<std::string> setup_commands(const configuration& of, std::string_view device) {
    std::vector<std::string> commands{
        fmt::format("ip addr add {}/24 dev {}", measured_server.address.to_string(), device),
        "sysctl net.ipv4.conf.all.rp_filter=0",
        fmt::format("sysctl net.ipv4.conf.{}.rp_filter={}", device, of.rp_filter),
    };
    for (std::uint32_t i = 0; i < of.rules; ++i) {
        commands.push_back(fmt::format("ip rule add from {} lookup main", ipv4_address{first_rule + i}.to_string()));
    }
    for (std::uint32_t i = 0; i < of.routes; ++i) {
        commands.push_back(fmt::format("ip route add {}/24 via {}", ipv4_address{first_route + (i << 8)}.to_string(),
                                       client.to_string()));
    }
    return commands;
}

}  // namespace rxpath
