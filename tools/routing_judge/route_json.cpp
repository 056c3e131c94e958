#include "tools/routing_judge/route_json.h"

#include <fmt/format.h>

#include "models/routing/fib_frontend.h"

namespace rxpath {

using nlohmann::json;

namespace {

std::string type_name(route_type type) { return std::string{type == route_type::throw_ ? "throw" : to_string(type)}; }

std::string table_name(std::uint32_t id) {
    if (id == rt_table_local) return "local";
    if (id == rt_table_default) return "default";
    return std::to_string(id);
}

void put_type_and_table(json& to, route_type type, std::uint32_t table) {
    if (type != route_type::unicast) to["type"] = type_name(type);
    if (table != rt_table_main && table != rt_table_unspec) to["table"] = table_name(table);
}

std::string scope_name(route_scope scope) {
    const auto name = to_string(scope);
    return name.empty() ? std::to_string(static_cast<int>(scope)) : std::string{name};
}

std::string protocol_name(route_protocol protocol) {
    switch (protocol) {
        case route_protocol::unspec:
            return "unspec";
        case route_protocol::kernel:
            return "kernel";
        case route_protocol::static_:
            return "static";
        default:
            return std::to_string(static_cast<int>(protocol));
    }
}

json flags_json(unsigned flags) {
    json names = json::array();
    if ((flags & rtnh_f_dead) != 0) names.push_back("dead");
    if ((flags & rtnh_f_linkdown) != 0) names.push_back("linkdown");
    if ((flags & rtnh_f_onlink) != 0) names.push_back("onlink");
    return names;
}

// A next hop without carrier counts as dead where such are ignored.
json nexthop_flags(const fib_nh_common& nexthop, const ipv4_devconf& all) {
    const bool linkdown = (nexthop.nhc_flags & rtnh_f_linkdown) != 0;
    const bool ignored = nexthop.nhc_dev && in_dev_orconf(all.ignore_routes_with_linkdown,
                                                          nexthop.nhc_dev->ip.cnf.ignore_routes_with_linkdown);
    return flags_json(nexthop.nhc_flags | (linkdown && ignored ? rtnh_f_dead : 0u));
}

json nexthop_json(const fib_nh_common& nexthop, const ipv4_devconf& all) {
    json made;
    if (nexthop.nhc_gw_family == af_inet) made["gateway"] = nexthop.nhc_gw.to_string();
    if (nexthop.nhc_dev) made["dev"] = nexthop.nhc_dev->name;
    made["flags"] = nexthop_flags(nexthop, all);
    return made;
}

void put_metrics(json& to, const dst_metrics& metrics) {
    const auto mtu = metrics.metrics[static_cast<std::size_t>(rtax::mtu) - 1];
    if (mtu != 0) to["metrics"] = json::array({{{"mtu", mtu}}});
}

}  // namespace

json taken_route_json(const route_question& question, const route_answer& answer) {
    const auto& route = *answer.route;
    json made;
    put_type_and_table(made, static_cast<route_type>(route.rt_type),
                       answer.result.table ? answer.result.table->tb_id : rt_table_unspec);
    made["dst"] = question.dst.to_string();
    if (!question.src.is_unspecified()) made["from"] = question.src.to_string();
    if (answer.result.dscp != 0) made["tos"] = fmt::format("0x{:02x}", answer.result.dscp);
    if (route.rt_uses_gateway != 0) made["gateway"] = route.rt_gw4.to_string();
    made["dev"] = route.dst.dev->name;
    if (question.mark != 0) made["mark"] = question.mark;
    made["flags"] = json::array();
    json cache = json::array();
    if ((route.rt_flags & rtcf_local) != 0) cache.push_back("local");
    if ((route.rt_flags & rtcf_broadcast) != 0) cache.push_back("brd");
    if ((route.rt_flags & rtcf_multicast) != 0) cache.push_back("mc");
    if (answer.redirect) cache.push_back("redirect");
    made["cache"] = cache;
    put_metrics(made, dst_metrics_of(route.dst));
    made["iif"] = question.iif->name;
    return made;
}

json matched_route_json(const route_answer& answer, const ipv4_devconf& all) {
    const auto& result = answer.result;
    const auto& info = *result.fi;
    json made =
        info.fib_nh.size() == 1 ? nexthop_json(info.fib_nh[0], all) : json{{"flags", flags_json(info.fib_flags)}};
    put_type_and_table(made, static_cast<route_type>(answer.route->rt_type), result.table->tb_id);
    made["dst"] = result.prefix.length == 0    ? "default"
                  : result.prefix.length == 32 ? result.prefix.address.to_string()
                                               : result.prefix.to_string();
    if (result.dscp != 0) made["tos"] = fmt::format("0x{:02x}", result.dscp);
    if (info.fib_protocol != route_protocol::boot) made["protocol"] = protocol_name(info.fib_protocol);
    if (info.fib_scope != route_scope::universe) made["scope"] = scope_name(info.fib_scope);
    if (!info.fib_prefsrc.is_unspecified()) made["prefsrc"] = info.fib_prefsrc.to_string();
    if (info.fib_priority != 0) made["metric"] = info.fib_priority;
    put_metrics(made, info.fib_metrics ? *info.fib_metrics : dst_default_metrics);
    if (info.fib_nh.size() > 1)
        for (const auto& nexthop : info.fib_nh) {
            auto one = nexthop_json(nexthop, all);
            one["weight"] = nexthop.nhc_weight;
            made["nexthops"].push_back(one);
        }
    return made;
}

}  // namespace rxpath
