#include "models/routing/fib_frontend.h"

#include <cerrno>

#include <fmt/format.h>

#include "models/base/kernel_functions/routing.h"
#include "models/base/memory_objects.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

fib_table* fib_get_table(receive_context& context, ipv4_routing& routing, std::uint32_t id) {
    namespace step = path::fib_get_table;
    kernel_call here{context.trace, fn::fib_get_table};
    for (const auto& table : routing.table_bucket(id)) {
        context.trace.works_on_number(memory_object::fib_table, table->tb_id);
        here.took(step::table_compared);
        if (table->tb_id == id) return table.get();
        here.took(step::table_skipped);
    }
    return nullptr;
}

bool inet_lookup_ifaddr_rcu(receive_context& context, const ipv4_routing& routing, ipv4_address address) {
    namespace step = path::inet_lookup_ifaddr_rcu;
    kernel_call here{context.trace, fn::inet_lookup_ifaddr_rcu};
    const auto& bucket = routing.address_bucket(address);
    if (bucket.empty()) here.took(step::bucket_empty);
    for (const auto own : bucket) {
        context.trace.works_on_number(memory_object::in_ifaddr, own.value & 0xffff);
        here.took(step::address_compared);
        if (own == address) {
            here.took(step::found);
            return true;
        }
        here.took(step::address_skipped);
    }
    return false;
}

void record_make_kuid(receive_context& context) {
    kernel_call here{context.trace, fn::make_kuid};
    context.trace.leaf(fn::map_id_range_down);
}

namespace {

// The short check will do: no reverse path filter, and no redirect to be found out about.
bool skips_reverse_path(kernel_call& here, const source_question& question, const net_device& dev,
                        const ipv4_devconf& all) {
    namespace step = path::fib_validate_source;
    here.took(step::no_rp_filter);
    if (dev.ifindex != question.oif) return true;
    here.took(step::same_interface);
    if (all.send_redirects != 0) {
        here.took(step::send_redirects_all);
        return false;
    }
    here.took(step::send_redirects_device);
    if (dev.ip.cnf.send_redirects != 0) return false;
    here.took(step::send_redirects_off);
    return true;
}

enum class short_answer { accepted, own_address, look_closer };

// Without reverse path filter only this host's own addresses are refused, unless routes or rules may say otherwise.
short_answer check_own_address(receive_context& context, kernel_call& here, const ipv4_routing& routing,
                               ipv4_address src, const net_device& dev) {
    namespace step = path::fib_validate_source;
    here.took(step::accept_local_all);
    if (routing.devconf_all().accept_local != 0) return short_answer::accepted;
    here.took(step::accept_local_device);
    if (dev.ip.cnf.accept_local != 0) return short_answer::accepted;
    here.took(step::custom_local_routes);
    if (routing.has_custom_local_routes()) return short_answer::look_closer;
    here.took(step::custom_rules);
    if (routing.has_custom_rules()) return short_answer::look_closer;
    here.took(step::own_address_lookup);
    return inet_lookup_ifaddr_rcu(context, routing, src) ? short_answer::own_address : short_answer::accepted;
}

}  // namespace

int fib_validate_source(receive_context& context, ipv4_routing& routing, const source_question& question,
                        net_device& dev) {
    namespace step = path::fib_validate_source;
    kernel_call here{context.trace, fn::fib_validate_source};
    const auto& all = routing.devconf_all();
    const int rpf = in_dev_maxconf(all.rp_filter, dev.ip.cnf.rp_filter);
    if (rpf == 0 && skips_reverse_path(here, question, dev, all)) {
        const auto answer = check_own_address(context, here, routing, question.src, dev);
        if (answer == short_answer::own_address) {
            here.took(step::own_address);
            context.trace.reason(
                [&] { return fmt::format("source {} is refused: an address of this host", question.src.to_string()); });
            return -EINVAL;
        }
        if (answer == short_answer::accepted) {
            here.took(step::accepted);
            return 0;
        }
    }
    here.took(step::full_check);
    return __fib_validate_source(context, routing, question, dev, rpf);
}

}  // namespace rxpath
