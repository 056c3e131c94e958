// `routes ...`: many routes by one command, through one gateway.
#include "models/command/global_table.h"
#include "models/command/routing_command.h"

namespace rxpath {

namespace {

constexpr std::uint32_t most_routes = 1'000'000;
constexpr std::uint64_t global_table_seed = 1;  // the table is always the same one

void expect(command_words& words, std::string_view word) {
    if (!words.take(word)) throw command_error{fmt::format("'{}' found, '{}' is allowed", words.peek(), word)};
}

fib_config through(ipv4_address gateway) {
    fib_config config;
    config.scope = route_scope::universe;
    config.nexthops.emplace_back().gateway = gateway;
    return config;
}

void add_sequential(ipv4_routing& routing, command_words& words) {
    expect(words, "from");
    ipv4_prefix prefix{words.address("address"), 0};
    expect(words, "count");
    const auto count = words.number("count", 1, most_routes);
    expect(words, "plen");
    prefix.length = static_cast<std::uint8_t>(words.number("plen", 1, 32));
    expect(words, "via");
    auto config = through(words.address("gateway"));
    words.expect_end();
    config.dst = {{prefix.address.value & prefix.mask()}, prefix.length};
    for (std::uint32_t i = 0; i < count; ++i) {
        must(routing.route_add(config, fib_insert_mode::exclusive));
        config.dst.address.value += 1u << (32 - config.dst.length);
    }
}

void add_global(ipv4_routing& routing, command_words& words) {
    expect(words, "count");
    const auto count = words.number("count", 1, most_routes);
    words.expect_end();
    const auto gateway = routing.default_gateway();
    if (!gateway) throw command_error{"there is no default route with a gateway that the routes could have"};
    auto config = through(*gateway);
    for (const auto& prefix : global_table(count, global_table_seed)) {
        config.dst = prefix;
        must(routing.route_add(config, fib_insert_mode::exclusive));
    }
}

}  // namespace

void apply_routes_command(ipv4_routing& routing, command_words& words) {
    const auto which = words.next("sequential or global");
    if (which == "sequential") return add_sequential(routing, words);
    if (which == "global") return add_global(routing, words);
    throw command_error{fmt::format("'{}' found, 'sequential' or 'global' is allowed", which)};
}

}  // namespace rxpath
