#include "models/routing/ip_route_input.h"

#include <cerrno>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/routing.h"
#include "models/routing/fib_lookup.h"
#include "models/routing/rt_cache.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

namespace step = path::ip_route_input_slow;

constexpr std::uint32_t least_mtu = 68;  // below it IP is off on a device (inetdev_valid_mtu())

constexpr fib_lookup_steps<step::step> lookup_steps{
    step::tables_looked_up, step::main_looked_up,    step::default_checked, step::default_looked_up,
    step::table_answered,   step::no_table_answered, step::rules_looked_up};

// Why an address is martian, or else what has refused it.
std::string_view what_is_wrong_with(ipv4_address address) {
    if (address.is_multicast()) return "a multicast address";
    if (address.is_limited_broadcast()) return "the broadcast address";
    if (address.is_unspecified()) return "no address (0.0.0.0)";
    if (address.is_loopback()) return "a loopback address from outside, without route_localnet";
    return "source validation did not accept it";
}

// One run of ip_route_input_slow(): its arguments, its result so far and its steps.
class slow_input {
public:
    slow_input(receive_context& context, ipv4_routing& routing, sk_buff& skb, const source_question& question,
               net_device& dev, fib_result& result)
        : m_context(context),
          m_routing(routing),
          m_skb(skb),
          m_question(question),
          m_dev(dev),
          m_here(context.trace, fn::ip_route_input_slow),
          m_result(result) {}

    int run();

private:
    const ipv4_devconf& all() const { return m_routing.devconf_all(); }
    const ipv4_devconf& device() const { return m_dev.ip.cnf; }

    bool route_localnet();
    int martian_source(step::step found);
    int martian_destination();
    int find_route();
    int routed();
    int forwarded();
    int broadcast_found();
    int broadcast_input();
    int local_found();
    int no_route(int error);
    int local_input(std::uint32_t flags, int error);
    bool nexthop_cache_hit();
    void explain_cache(const char* why) {
        m_context.trace.reason([why] { return std::string{why}; });
    }
    int make_local_route(std::uint32_t flags, int error, bool cache);

    receive_context& m_context;
    ipv4_routing& m_routing;
    sk_buff& m_skb;
    source_question m_question;
    net_device& m_dev;
    kernel_call m_here;
    fib_result& m_result;
    std::optional<flow_keys> m_dissected;
    bool m_may_cache = true;
};

// The addresses that no table is asked about come first.
int slow_input::run() {
    const auto saddr = m_question.src, daddr = m_question.dst;
    if (m_dev.mtu < least_mtu) {
        m_here.took(step::ip_disabled);
        return -EINVAL;
    }
    if (saddr.is_multicast()) return martian_source(step::martian_source);
    m_here.took(step::address_check);
    if (saddr.is_limited_broadcast()) return martian_source(step::martian_source);
    m_here.took(step::result_cleared);
    if (daddr.is_limited_broadcast()) return broadcast_input();
    m_here.took(step::both_zero_check);
    if (saddr.is_unspecified() && daddr.is_unspecified()) return broadcast_input();
    m_here.took(step::address_check);
    if (saddr.is_unspecified()) return martian_source(step::martian_source);
    m_here.took(step::address_check);
    if (daddr.is_unspecified()) return martian_destination();
    m_here.took(step::address_check);
    if (daddr.is_loopback()) {
        if (!route_localnet()) return martian_destination();
    } else {
        m_here.took(step::address_check);
        if (saddr.is_loopback() && !route_localnet()) return martian_source(step::martian_source);
    }
    return find_route();
}

// Loopback addresses may come in from outside only with route_localnet.
bool slow_input::route_localnet() {
    m_here.took(step::route_localnet_all);
    if (all().route_localnet != 0) return true;
    m_here.took(step::route_localnet_device);
    return device().route_localnet != 0;
}

int slow_input::martian_source(step::step found) {
    m_here.took(found);
    m_context.trace.reason([&] {
        return fmt::format("source {} is refused: {}", m_question.src.to_string(), what_is_wrong_with(m_question.src));
    });
    ip_handle_martian_source(m_context, m_routing, m_dev);
    return -EINVAL;
}

int slow_input::martian_destination() {
    m_here.took(step::martian_destination);
    m_context.trace.reason([&] {
        const auto address = m_question.dst.to_string();
        if (m_result.fi != nullptr)
            return fmt::format("destination {} is refused: its route is of type {}", address, to_string(m_result.type));
        return fmt::format("destination {} is refused: {}", address, what_is_wrong_with(m_question.dst));
    });
    if (all().log_martians == 0) m_here.took(step::martian_device_checked);
    if (in_dev_orconf(all().log_martians, device().log_martians)) {
        m_context.trace.leaf(fn::net_ratelimit);
        const bool logged = m_routing.net_ratelimit().allows(jiffies(m_context.now));
        m_here.took(logged ? step::martian_logged : step::martian_not_logged);
        if (logged) m_context.trace.leaf(fn::_printk);
    }
    return -EINVAL;
}

int slow_input::find_route() {
    flowi4 flow;
    flow.flowi4_iif = m_dev.ifindex;
    flow.flowi4_mark = m_skb.mark;
    flow.flowi4_tos = m_question.tos;
    flow.daddr = m_question.dst;
    flow.saddr = m_question.src;
    m_here.took(step::flow_made);
    record_make_kuid(m_context);
    m_dissected = fib4_rules_early_flow_dissect(m_context, m_routing, m_skb, flow);
    if (m_dissected) m_here.took(step::flow_dissected);
    const int error = fib_lookup(m_context, m_routing, m_here, lookup_steps, flow, m_result, 0);
    if (error == 0) return routed();
    m_here.took(step::forwarding_check);
    if (device().forwarding != 0) return no_route(error);
    m_here.took(step::not_forwarding);
    return no_route(-EHOSTUNREACH);
}

int slow_input::routed() {
    m_context.trace.reason([&] {
        return fmt::format("the longest prefix that {} matches is {}, of type {}", m_question.dst.to_string(),
                           m_result.prefix.to_string(), to_string(m_result.type));
    });
    m_here.took(step::broadcast_check);
    if (m_result.type == route_type::broadcast) return broadcast_found();
    m_here.took(step::local_check);
    if (m_result.type == route_type::local) return local_found();
    m_here.took(step::forwarding_check);
    if (device().forwarding == 0) {
        m_here.took(step::not_forwarding);
        m_context.trace.reason([&] { return fmt::format("{} does not forward (forwarding is 0)", m_dev.name); });
        return no_route(-EHOSTUNREACH);
    }
    m_here.took(step::unicast_check);
    if (m_result.type != route_type::unicast) return martian_destination();
    return forwarded();
}

int slow_input::forwarded() {
    const auto* dissected = m_dissected ? &*m_dissected : nullptr;
    return ip_mkroute_input(m_context, m_routing, m_here, m_skb, m_result, m_question, m_dev, dissected);
}

// A directed broadcast is forwarded where bc_forwarding says so, and then no next hop may cache how others are taken.
int slow_input::broadcast_found() {
    m_here.took(step::bc_forwarding_all);
    if (all().bc_forwarding != 0) {
        m_here.took(step::bc_forwarding_device);
        if (device().bc_forwarding != 0) return forwarded();
    }
    m_here.took(step::no_bc_forwarding);
    m_may_cache = all().bc_forwarding == 0;
    return broadcast_input();
}

int slow_input::broadcast_input() {
    if (!m_result.fi) m_here.took(step::broadcast_address);
    m_here.took(step::broadcast_input);
    if (!m_question.src.is_unspecified()) {
        m_here.took(step::broadcast_source);
        auto question = m_question;
        question.dst = {};
        const int error = fib_validate_source(m_context, m_routing, question, m_dev);
        if (error < 0) {
            martian_source(step::martian_source_found);
            return error;
        }
    }
    m_here.took(step::broadcast_accepted);
    m_result.type = route_type::broadcast;
    return local_input(rtcf_broadcast, -EINVAL);
}

int slow_input::local_found() {
    m_here.took(step::local_source);
    const int error = fib_validate_source(m_context, m_routing, m_question, m_dev);
    if (error >= 0) return local_input(0, 0);
    m_here.took(step::local_source_refused);
    martian_source(step::martian_source_found);
    return error;
}

// The packet gets a route whose input is ip_error(), which answers it with ICMP and drops it.
int slow_input::no_route(int error) {
    m_context.trace.reason([&] {
        return fmt::format("{} gets a dst whose input is ip_error(): errno {}", m_question.dst.to_string(), -error);
    });
    m_here.took(step::no_route);
    m_result.type = route_type::unreachable;
    m_result.fi = nullptr;
    m_result.table = nullptr;
    return local_input(0, error);
}

int slow_input::local_input(std::uint32_t flags, int error) {
    m_here.took(step::local_input);
    if (!m_result.fi) {
        m_here.took(step::no_fib_info);
        return make_local_route(flags, error, false);
    }
    m_here.took(step::fib_info_present);
    if (!m_may_cache) {
        m_here.took(step::uncached);
    } else {
        m_here.took(step::nexthop_cache_read);
        if (nexthop_cache_hit()) return 0;
    }
    m_here.took(step::input_device);
    return make_local_route(flags, error, m_may_cache);
}

bool slow_input::nexthop_cache_hit() {
    auto* cached = m_result.nhc->nhc_rth_input;
    if (!cached) return explain_cache("the next hop keeps no dst yet"), false;
    works_on_dst(m_context.trace, cached->dst);
    m_here.took(step::cached_dst_check);
    const auto refuse = [&] {
        m_context.trace.reason([&] { return "the next hop's dst is not used again: " + why_obsolete(cached->dst); });
        return false;
    };
    if (cached->dst.obsolete != dst_obsolete::force_chk) return refuse();
    m_here.took(step::generation_compared);
    if (rt_is_expired(m_context, *cached)) {
        m_here.took(step::cache_stale);
        return refuse();
    }
    m_here.took(step::cache_hit);
    explain_cache("the next hop's dst still holds: attached without a reference (NOREF)");
    skb_dst_set_noref(m_skb, &cached->dst);
    m_skb.routed_by = route_source::nexthop_cache;
    return true;
}

int slow_input::make_local_route(std::uint32_t flags, int error, bool cache) {
    m_here.took(step::route_made);
    auto& route = rt_dst_alloc(m_context, m_routing, m_routing.loopback_dev(), flags | rtcf_local, m_result.type);
    route.dst.output = dst_output::ip_rt_bug;
    route.rt_is_input = 1;
    if (m_result.type == route_type::unreachable) {
        m_here.took(step::unreachable);
        route.dst.input = dst_input::ip_error;
        route.dst.error = static_cast<std::int16_t>(-error);
        route.rt_flags &= ~rtcf_local;
    }
    if (cache) {
        m_here.took(step::cached_on_nexthop);
        rt_cache_route(m_context, *m_result.nhc, route);
    }
    skb_dst_set(m_skb, &route.dst);
    works_on_dst(m_context.trace, route.dst);
    m_skb.routed_by = route_source::allocated;
    return 0;
}

}  // namespace

int ip_route_input_noref(receive_context& context, ipv4_routing& routing, sk_buff& skb, ipv4_address daddr,
                         ipv4_address saddr, std::uint8_t tos, net_device& dev) {
    kernel_call here{context.trace, fn::ip_route_input_noref};
    const source_question question{saddr, daddr, static_cast<std::uint8_t>(tos & inet_dscp_mask), 0, skb.mark, &skb};
    fib_result result;
    context.trace.leaf(fn::__rcu_read_lock);
    if (daddr.is_multicast()) here.took(path::ip_route_input_noref::multicast);
    const int error = ip_route_input_rcu(context, routing, skb, question, dev, result);
    context.trace.leaf(fn::__rcu_read_unlock);
    return error;
}

int ip_route_input_rcu(receive_context& context, ipv4_routing& routing, sk_buff& skb, const source_question& question,
                       net_device& dev, fib_result& result) {
    if (question.dst.is_multicast()) return ip_route_input_multicast(context, routing, skb, question, dev);
    return slow_input{context, routing, skb, question, dev, result}.run();
}

}  // namespace rxpath
