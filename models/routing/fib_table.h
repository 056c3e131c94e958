// A routing table (struct fib_table, net/ipv4/fib_trie.c): an id and the trie its routes are in.
//
// The local and the main table share one trie until the first policy rule, so that one lookup answers both.
#pragma once

#include <memory>

#include "models/base/receive_context.h"
#include "models/routing/fib_trie.h"
#include "models/routing/flow.h"

namespace rxpath {

struct fib_table {
    std::uint32_t tb_id = 0;
    const ipv4_devconf* devconf_all = nullptr;  // net.ipv4.conf.all
    std::shared_ptr<fib_trie> trie;
};

// The route for flow.daddr: 0 and `result`, or a negative errno; -EAGAIN when the table has none.
int fib_table_lookup(receive_context& context, const fib_table& table, const flowi4& flow, fib_result& result,
                     unsigned flags);
// May this next hop be used? Not when it is dead, or without carrier and that counts, or not through the wanted device.
bool fib_lookup_good_nhc(receive_context& context, const fib_nh_common& nexthop, unsigned flags, const flowi4& flow,
                         const ipv4_devconf& all);

// NLM_F_*: what an insertion does when routes with the same prefix, TOS and metric are there already. It is refused; it
// takes the first one's place; it goes behind or before them. Change replaces too, but makes no new route.
enum class fib_insert_mode : std::uint8_t { exclusive, replace, append, prepend, change };

// What an edit did: 0 or a negative errno, and whether routes in use may have changed, so that cached ones must die.
struct fib_edit {
    int error = 0;
    bool flush_cache = false;
};

fib_edit fib_table_insert(fib_table& table, const fib_config& config, fib_info_ptr info, fib_insert_mode mode);
fib_edit fib_table_delete(fib_table& table, const fib_config& config);
// Removes the table's routes whose fib_info is dead; answers how many.
int fib_table_flush(fib_table& table);
// Gives the local table a trie of its own, when it shares main's (fib_unmerge()).
void fib_trie_unmerge(fib_table& local, fib_table& main);

}  // namespace rxpath
