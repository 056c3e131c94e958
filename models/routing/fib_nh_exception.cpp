#include "models/routing/fib_nh_exception.h"

#include <algorithm>

#include "models/base/kernel_functions/routing.h"
#include "models/base/siphash.h"
#include "models/routing/fib_info.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

constexpr siphash_key fnhe_hash_key{{0x9d7be24a2c51f306, 0x31f4c08e6ab9d575}};
constexpr std::uint32_t reclaim_depth = 5;  // FNHE_RECLAIM_DEPTH

std::size_t fnhe_hashfun(receive_context& context, ipv4_address daddr) {
    kernel_call here{context.trace, fn::fnhe_hashfun};
    context.trace.leaf(fn::siphash_1u32);
    return hash_64(siphash_1u32(__builtin_bswap32(daddr.value), fnhe_hash_key), fnhe_hash_table::hash_shift);
}

void record_locked(receive_context& context, function_number lock_or_unlock) {
    kernel_call call{context.trace, lock_or_unlock};
    if (lock_or_unlock == fn::_raw_spin_unlock_bh) context.trace.leaf(fn::__local_bh_enable_ip);
}

template <class Release>
bool flush_route(rtable*& cached, Release release) {
    if (!cached) return false;
    dst_dev_put(cached->dst);
    release(cached->dst);
    cached = nullptr;
    return true;
}

// fnhe_flush_routes()
void flush_routes(receive_context& context, fib_nh_exception& exception) {
    const auto release = [&](dst_entry& dst) { dst_release(context, &dst); };
    flush_route(exception.fnhe_rth_input, release);
    flush_route(exception.fnhe_rth_output, release);
}

void fill_route_from_fnhe(rtable& route, const fib_nh_exception& exception) {
    route.rt_pmtu = exception.fnhe_pmtu & 0x7fffffff;
    route.rt_mtu_locked = exception.fnhe_mtu_locked ? 1 : 0;
    route.dst.expires = exception.fnhe_expires;
    if (exception.fnhe_gw.is_unspecified()) return;
    route.rt_flags |= rtcf_redirected;
    route.rt_uses_gateway = 1;
    route.rt_gw_family = af_inet;
    route.rt_gw4 = exception.fnhe_gw;
}

fnhe_hash_table::chain::iterator find_in(fnhe_hash_table::chain& chain, ipv4_address daddr) {
    return std::find_if(chain.begin(), chain.end(),
                        [&](const auto& exception) { return exception->fnhe_daddr == daddr; });
}

// ip_del_fnhe(), which the compiler put into find_exception().
void ip_del_fnhe(receive_context& context, kernel_call& here, fnhe_hash_table& table, ipv4_address daddr) {
    namespace step = path::find_exception;
    auto& chain = table.buckets[fnhe_hashfun(context, daddr)];
    record_locked(context, fn::_raw_spin_lock_bh);
    const auto gone = find_in(chain, daddr);
    here.took(step::expired);
    here.took(step::expired_passed, static_cast<std::uint32_t>(gone - chain.begin()));
    const auto release = [&](dst_entry& dst) { dst_release(context, &dst); };
    if (flush_route((*gone)->fnhe_rth_input, release)) here.took(step::route_flushed);
    if (flush_route((*gone)->fnhe_rth_output, release)) here.took(step::route_flushed);
    chain.erase(gone);
    record_locked(context, fn::_raw_spin_unlock_bh);
}

void fnhe_remove_oldest(receive_context& context, fnhe_hash_table::chain& chain) {
    const auto oldest = std::min_element(chain.begin(), chain.end(),
                                         [](const auto& a, const auto& b) { return a->fnhe_stamp < b->fnhe_stamp; });
    flush_routes(context, **oldest);
    chain.erase(oldest);
}

void update_fnhe(fib_nh_exception& known, const fnhe_news& news) {
    if (!news.gateway.is_unspecified()) known.fnhe_gw = news.gateway;
    if (news.pmtu != 0) {
        known.fnhe_pmtu = news.pmtu;
        known.fnhe_mtu_locked = news.mtu_locked;
    }
    known.fnhe_expires = std::max<std::uint64_t>(1, news.expires);
    if (known.fnhe_rth_input) fill_route_from_fnhe(*known.fnhe_rth_input, known);
    if (known.fnhe_rth_output) fill_route_from_fnhe(*known.fnhe_rth_output, known);
}

// The first of a chain from now on. Who caches the next hop's routes must ask again whether it concerns him.
fib_nh_exception& create_fnhe(receive_context& context, fnhe_hash_table::chain& chain, fib_nh_common& nexthop,
                              ipv4_address daddr, const fnhe_news& news) {
    const auto most = reclaim_depth + context.random() % reclaim_depth;  // at random, against guessing
    while (chain.size() > most) fnhe_remove_oldest(context, chain);
    auto& made = **chain.insert(chain.begin(), std::make_unique<fib_nh_exception>());
    made.fnhe_daddr = daddr;
    made.fnhe_gw = news.gateway;
    made.fnhe_pmtu = news.pmtu;
    made.fnhe_mtu_locked = news.mtu_locked;
    made.fnhe_expires = std::max<std::uint64_t>(1, news.expires);
    if (nexthop.nhc_rth_input) nexthop.nhc_rth_input->dst.obsolete = dst_obsolete::kill;
    if (nexthop.nhc_rth_output) nexthop.nhc_rth_output->dst.obsolete = dst_obsolete::kill;
    return made;
}

}  // namespace

fnhe_hash_table::~fnhe_hash_table() {
    const auto release = [](dst_entry& dst) { dst_release_immediate(&dst); };
    for (auto& bucket : buckets)
        for (auto& exception : bucket) {
            flush_route(exception->fnhe_rth_input, release);
            flush_route(exception->fnhe_rth_output, release);
        }
}

fib_nh_exception* find_exception(receive_context& context, fib_nh_common& nexthop, ipv4_address daddr) {
    namespace step = path::find_exception;
    kernel_call here{context.trace, fn::find_exception};
    if (!nexthop.nhc_exceptions) return nullptr;
    here.took(step::hashed);
    auto& chain = nexthop.nhc_exceptions->buckets[fnhe_hashfun(context, daddr)];
    const auto found = find_in(chain, daddr);
    here.took(step::passed, static_cast<std::uint32_t>(found - chain.begin()));
    if (found == chain.end()) return nullptr;
    here.took(step::found);
    const auto expires = (*found)->fnhe_expires;
    if (expires == 0) return found->get();
    here.took(step::expiry_check);
    if (jiffies(context.now) <= expires) return found->get();
    ip_del_fnhe(context, here, *nexthop.nhc_exceptions, daddr);
    return nullptr;
}

void update_or_create_fnhe(receive_context& context, const ipv4_routing& routing, fib_nh_common& nexthop,
                           ipv4_address daddr, const fnhe_news& news) {
    kernel_call here{context.trace, fn::update_or_create_fnhe};
    const auto hash = fnhe_hashfun(context, daddr);
    record_locked(context, fn::_raw_spin_lock_bh);
    if (!nexthop.nhc_exceptions) nexthop.nhc_exceptions = std::make_unique<fnhe_hash_table>();
    auto& chain = nexthop.nhc_exceptions->buckets[hash];
    const auto known = find_in(chain, daddr);
    if (known != chain.end()) update_fnhe(**known, news);
    auto& exception = known != chain.end() ? **known : create_fnhe(context, chain, nexthop, daddr, news);
    exception.fnhe_genid = routing.fnhe_genid();
    exception.fnhe_stamp = jiffies(context.now);
    record_locked(context, fn::_raw_spin_unlock_bh);
}

void rt_bind_exception(receive_context& context, kernel_call& here, const ipv4_routing& routing, rtable& route,
                       fib_nh_exception& exception, ipv4_address daddr) {
    namespace step = path::rt_set_nexthop;
    record_locked(context, fn::_raw_spin_lock_bh);
    here.took(step::exception);
    if (route.rt_is_input != 0) here.took(step::exception_input);
    if (exception.fnhe_genid != routing.fnhe_genid()) {
        here.took(step::exception_stale);
        if (exception.fnhe_rth_input) here.took(step::exception_route_flushed);
        if (exception.fnhe_rth_output) here.took(step::exception_route_flushed);
        flush_routes(context, exception);
        exception.fnhe_genid = routing.fnhe_genid();
        exception.fnhe_gw = {};
        exception.fnhe_pmtu = 0;
        exception.fnhe_expires = 0;
        exception.fnhe_mtu_locked = false;
    }
    fill_route_from_fnhe(route, exception);
    if (!exception.fnhe_gw.is_unspecified()) here.took(step::exception_gateway);
    if (route.rt_gw4.is_unspecified()) {
        here.took(step::exception_direct);
        route.rt_gw4 = daddr;
        route.rt_gw_family = af_inet;
    }
    auto*& cached = route.rt_is_input != 0 ? exception.fnhe_rth_input : exception.fnhe_rth_output;
    auto* const before = cached;
    dst_hold(route.dst);
    cached = &route;
    if (before) {
        here.took(step::exception_replaced);
        dst_dev_put(before->dst);
        dst_release(context, &before->dst);
    }
    exception.fnhe_stamp = jiffies(context.now);
    record_locked(context, fn::_raw_spin_unlock_bh);
}

void fib_nhc_update_mtu(fib_nh_common& nexthop, std::uint32_t mtu, std::uint32_t before) {
    if (!nexthop.nhc_exceptions) return;
    for (auto& chain : nexthop.nhc_exceptions->buckets)
        for (auto& exception : chain) {
            const bool follows = exception->fnhe_mtu_locked
                                     ? mtu <= exception->fnhe_pmtu
                                     : mtu < exception->fnhe_pmtu || before == exception->fnhe_pmtu;
            if (!follows) continue;
            exception->fnhe_pmtu = mtu;
            exception->fnhe_mtu_locked = false;
        }
}

}  // namespace rxpath
