// `ip rule`: the words, and what iproute2 fills in for those that are missing.
#include "models/command/routing_command.h"

namespace rxpath {

namespace {

// A rule as the words give it, and whether they gave a table.
struct described_rule {
    fib_rule rule;
    std::optional<std::uint32_t> pref;
    bool has_table = false;
};

void parse_mark(command_words& words, fib_rule& rule) {
    const auto word = words.next("fwmark");
    const auto slash = word.find('/');
    command_words mark{word.substr(0, slash)};
    rule.mark = mark.number("fwmark", 0, 0xffffffff);
    rule.mark_mask = rule.mark != 0 ? 0xffffffff : 0;
    if (slash == std::string_view::npos) return;
    command_words mask{word.substr(slash + 1)};
    rule.mark_mask = mask.number("fwmark mask", 0, 0xffffffff);
}

port_range parse_ports(command_words& words, std::string_view what) {
    const auto word = words.next(what);
    const auto dash = word.find('-');
    command_words first{word.substr(0, dash)}, last{word.substr(dash == std::string_view::npos ? 0 : dash + 1)};
    const port_range range{static_cast<std::uint16_t>(first.number(what, 1, 65534)),
                           static_cast<std::uint16_t>(last.number(what, 1, 65534))};
    if (range.first > range.last) throw command_error{fmt::format("{} {} ends before it begins", what, word)};
    return range;
}

std::uint8_t parse_ip_protocol(command_words& words) {
    if (words.take("icmp")) return ipproto_icmp;
    if (words.take("tcp")) return ipproto_tcp;
    if (words.take("udp")) return ipproto_udp;
    return static_cast<std::uint8_t>(words.number("ipproto", 0, 255));
}

// A rule may name a device that is still to come.
int index_of(ipv4_routing& routing, const std::string& name) {
    const auto* device = routing.devices().by_name(name);
    return device ? device->ifindex : -1;
}

bool parse_table_action(command_words& words, described_rule& made) {
    if (!words.take("table") && !words.take("lookup")) return false;
    made.rule.table = parse_table(words);
    made.has_table = true;
    return true;
}

bool parse_other_action(command_words& words, described_rule& made) {
    auto& rule = made.rule;
    words.take("type");
    if (words.take("goto")) {
        rule.action = fib_rule_action::jump;
        rule.target = words.number("goto", 0, 0xffffffff);
    } else if (words.take("nop")) {
        rule.action = fib_rule_action::nop;
    } else if (words.take("blackhole")) {
        rule.action = fib_rule_action::blackhole;
    } else if (words.take("unreachable")) {
        rule.action = fib_rule_action::unreachable;
    } else if (words.take("prohibit")) {
        rule.action = fib_rule_action::prohibit;
    } else {
        return false;
    }
    made.has_table = true;  // none is needed
    return true;
}

bool parse_suppression(command_words& words, fib_rule& rule) {
    if (words.take("suppress_prefixlength") || words.take("sup_pl")) {
        rule.suppress_prefixlen = static_cast<int>(words.number("suppress_prefixlength", 0, 0x7fffffff));
    } else if (words.take("suppress_ifgroup") || words.take("sup_group")) {
        rule.suppress_ifgroup =
            words.take("default") ? 0 : static_cast<int>(words.number("suppress_ifgroup", 0, 0x7fffffff));
    } else {
        return false;
    }
    return true;
}

bool parse_address_selector(ipv4_routing& routing, command_words& words, fib_rule& rule) {
    if (words.take("from")) {
        rule.src = words.prefix("from");
    } else if (words.take("to")) {
        rule.dst = words.prefix("to");
    } else if (words.take("iif") || words.take("dev")) {
        rule.iifname = words.next("device");
        rule.iifindex = index_of(routing, rule.iifname);
    } else if (words.take("oif")) {
        rule.oifname = words.next("device");
        rule.oifindex = index_of(routing, rule.oifname);
    } else {
        return false;
    }
    return true;
}

bool parse_packet_selector(command_words& words, fib_rule& rule) {
    if (words.take("fwmark")) {
        parse_mark(words, rule);
    } else if (words.take("tos") || words.take("dsfield")) {
        rule.dscp = parse_tos(words);
        if ((rule.dscp & ~0x1c) != 0) throw command_error{"a rule's tos may have the bits of 1c; others take dscp"};
    } else if (words.take("dscp")) {
        rule.dscp = static_cast<std::uint8_t>(words.number("dscp", 0, 63) << 2);
        rule.dscp_full = true;
    } else if (words.take("ipproto")) {
        rule.ip_proto = parse_ip_protocol(words);
    } else if (words.take("sport")) {
        rule.sport = parse_ports(words, "sport");
    } else if (words.take("dport")) {
        rule.dport = parse_ports(words, "dport");
    } else {
        return false;
    }
    return true;
}

bool parse_order(command_words& words, described_rule& made) {
    if (words.take("not")) {
        made.rule.invert = true;
    } else if (words.take("pref") || words.take("priority") || words.take("preference") || words.take("order")) {
        made.pref = words.number("pref", 0, 0xffffffff);
    } else if (words.take("protocol") || words.take("proto")) {
        made.rule.proto = parse_route_protocol(words);
    } else {
        return false;
    }
    return true;
}

described_rule parse_rule(ipv4_routing& routing, command_words& words) {
    described_rule made;
    while (parse_order(words, made) || parse_address_selector(routing, words, made.rule) ||
           parse_packet_selector(words, made.rule) || parse_suppression(words, made.rule) ||
           parse_table_action(words, made) || parse_other_action(words, made)) {}
    words.expect_end();
    return made;
}

void add_rule(ipv4_routing& routing, described_rule made) {
    if (made.rule.action == fib_rule_action::unspec) made.rule.action = fib_rule_action::to_table;
    if (!made.has_table) made.rule.table = rt_table_main;
    if (made.rule.proto == route_protocol::unspec) made.rule.proto = route_protocol::boot;
    must(routing.rule_add(made.rule, made.pref));
}

}  // namespace

void apply_rule_command(ipv4_routing& routing, command_words& words) {
    const auto verb = words.next("add, del or flush");
    if (verb == "add") return add_rule(routing, parse_rule(routing, words));
    if (verb == "del" || verb == "delete") {
        const auto wanted = parse_rule(routing, words);
        return must(routing.rule_del(wanted.rule, wanted.pref));
    }
    if (verb != "flush") throw command_error{fmt::format("'ip rule {}': add, del or flush is allowed", verb)};
    words.expect_end();
    routing.rule_flush();
}

}  // namespace rxpath
