// `ip rule`.
#include "models/routing/routing_command.h"

namespace rxpath {

namespace {

void parse_mark(command_words& words, fib_rule& rule) {
    const auto word = words.next("fwmark");
    const auto slash = word.find('/');
    command_words mark{word.substr(0, slash)};
    rule.mark = mark.number("fwmark", 0, 0xffffffff);
    rule.mark_mask = 0xffffffff;
    if (slash == std::string_view::npos) return;
    command_words mask{word.substr(slash + 1)};
    rule.mark_mask = mask.number("fwmark mask", 0, 0xffffffff);
}

ipv4_prefix parse_selector(command_words& words, std::string_view what) {
    auto prefix = words.prefix(what);
    if ((prefix.address.value & ~prefix.mask()) != 0)
        throw command_error{fmt::format("{} {} has bits beyond its length", what, prefix.to_string())};
    return prefix;
}

bool parse_action(command_words& words, fib_rule& rule) {
    if (words.take("table") || words.take("lookup")) {
        rule.action = fib_rule_action::to_table;
        rule.table = parse_table(words);
    } else if (words.take("blackhole")) {
        rule.action = fib_rule_action::blackhole;
    } else if (words.take("unreachable")) {
        rule.action = fib_rule_action::unreachable;
    } else if (words.take("prohibit")) {
        rule.action = fib_rule_action::prohibit;
    } else {
        return false;
    }
    return true;
}

bool parse_option(ipv4_routing& routing, command_words& words, fib_rule& rule, std::optional<std::uint32_t>& pref) {
    if (words.take("from")) {
        rule.src = parse_selector(words, "from");
    } else if (words.take("to")) {
        rule.dst = parse_selector(words, "to");
    } else if (words.take("iif") || words.take("dev")) {
        rule.iifindex = words.device(routing.devices()).ifindex;
    } else if (words.take("oif")) {
        rule.oifindex = words.device(routing.devices()).ifindex;
    } else if (words.take("fwmark")) {
        parse_mark(words, rule);
    } else if (words.take("tos") || words.take("dsfield")) {
        rule.dscp = static_cast<std::uint8_t>(words.number("tos", 0, 0x1c));
    } else if (words.take("pref") || words.take("priority") || words.take("preference")) {
        pref = words.number("pref", 0, 0xffffffff);
    } else {
        return false;
    }
    return true;
}

}  // namespace

void apply_rule_command(ipv4_routing& routing, command_words& words) {
    const bool add = words.take("add");
    if (!add && !words.take("del"))
        throw command_error{fmt::format("'ip rule {}': add or del is allowed", words.peek())};
    fib_rule rule;
    rule.table = rt_table_main;
    std::optional<std::uint32_t> pref;
    while (parse_option(routing, words, rule, pref) || parse_action(words, rule)) {}
    words.expect_end();
    must(add ? routing.rule_add(rule, pref) : routing.rule_del(rule, pref));
}

}  // namespace rxpath
