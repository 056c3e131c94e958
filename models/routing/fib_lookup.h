// fib_lookup() (include/net/ip_fib.h): the tables in order, or the rules once there is one. The compiler puts it into
// its callers, so that each records it with steps of its own.
#pragma once

#include <cerrno>

#include "models/base/kernel_functions/helpers.h"
#include "models/routing/fib_frontend.h"
#include "models/routing/fib_rules.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

// The caller's names for the parts of the lookup.
template <class Step>
struct fib_lookup_steps {
    Step tables_looked_up, main_looked_up, default_checked, default_looked_up, table_answered, no_table_answered,
        rules_looked_up;
};

// Main, which holds the local routes too unless they are apart, then default: -ENETUNREACH when none has a route.
template <class Step>
int fib_lookup_tables(receive_context& context, const ipv4_routing& routing, kernel_call& here,
                      const fib_lookup_steps<Step>& steps, const flowi4& flow, fib_result& result, unsigned flags) {
    context.trace.leaf(fn::__rcu_read_lock);
    here.took(steps.tables_looked_up);
    int error = -EAGAIN;
    for (const auto* table : {routing.fib_local_apart(), routing.fib_main()}) {
        if (!table || error != -EAGAIN) continue;
        here.took(steps.main_looked_up);
        error = fib_table_lookup(context, *table, flow, result, flags);
    }
    if (error == -EAGAIN) {
        here.took(steps.default_checked);
        if (const auto* other = routing.fib_default()) {
            here.took(steps.default_looked_up);
            error = fib_table_lookup(context, *other, flow, result, flags);
        }
    }
    here.took(error == -EAGAIN ? steps.no_table_answered : steps.table_answered);
    context.trace.leaf(fn::__rcu_read_unlock);
    return error == -EAGAIN ? -ENETUNREACH : error;
}

template <class Step>
int fib_lookup(receive_context& context, ipv4_routing& routing, kernel_call& here, const fib_lookup_steps<Step>& steps,
               flowi4& flow, fib_result& result, unsigned flags) {
    if (!routing.has_custom_rules()) return fib_lookup_tables(context, routing, here, steps, flow, result, flags);
    here.took(steps.rules_looked_up);
    return __fib_lookup(context, routing, flow, result, flags);
}

// The same for a caller that is charged as a whole.
inline int fib_lookup(receive_context& context, ipv4_routing& routing, flowi4& flow, fib_result& result,
                      unsigned flags) {
    if (routing.has_custom_rules()) return __fib_lookup(context, routing, flow, result, flags);
    int error = -EAGAIN;
    context.trace.leaf(fn::__rcu_read_lock);
    for (const auto* table : {routing.fib_local_apart(), routing.fib_main(), routing.fib_default()})
        if (table && error == -EAGAIN) error = fib_table_lookup(context, *table, flow, result, flags);
    context.trace.leaf(fn::__rcu_read_unlock);
    return error == -EAGAIN ? -ENETUNREACH : error;
}

}  // namespace rxpath
