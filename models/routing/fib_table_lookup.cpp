// Reads the trie. Each step taken is recorded, because nodes visited are what a lookup costs.
#include <cerrno>

#include "models/base/kernel_functions/routing.h"
#include "models/base/memory_objects.h"
#include "models/routing/fib_table.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

namespace step = path::fib_table_lookup;

// Where a walk is: the node whose child the search last left with bits still to be cut off, and which child that was.
class trie_walk {
public:
    trie_walk(call_trace& trace, kernel_call& here, const fib_trie& trie, std::uint32_t key)
        : m_trace(trace), m_here(here), m_key(key), m_parent(&trie.root()) {}

    // The first leaf that may match: by exact descent, or by backtracking from where that ended. Null: none.
    fib_leaf* first_leaf() {
        auto* node = m_parent->child(0);
        for (;;) {
            const auto index = node->cindex(m_key);
            works_on_node(m_trace, *node, index);
            if (index >> node->bits != 0) {
                m_here.took(step::mismatch);
                return match_prefix(node);
            }
            if (node->bits == 0) {
                m_here.took(step::leaf_found);
                return &leaf_of(*node);
            }
            m_here.took(step::descended);
            const auto& tnode = tnode_of(*node);
            if (tnode.slen > tnode.pos) {
                m_parent = &tnode;
                m_index = index;
            }
            node = tnode.child(index);
            if (!node) {
                m_here.took(step::null_child);
                return next_leaf();
            }
        }
    }

    // The next leaf with a shorter prefix that may match (from `backtrace` on). Null: none.
    fib_leaf* next_leaf() {
        auto* node = cut_lowest_bit();
        return node ? match_prefix(node) : nullptr;
    }

private:
    // Follows first children as long as prefixes match: there all bits below are zero, as in a shorter prefix.
    fib_leaf* match_prefix(fib_node* node) {
        while (node) {
            works_on_node(m_trace, *node);
            m_here.took(step::prefix_check);
            if (may_match(*node)) {
                if (node->bits == 0) return &leaf_of(*node);
                m_here.took(step::first_child);
                node = read_child(tnode_of(*node).child(0));
            } else {
                node = cut_lowest_bit();
            }
        }
        return nullptr;
    }

    bool may_match(const fib_node& node) {
        const auto prefix_bits = node.key | (0u - node.key);
        if (((m_key ^ node.key) & prefix_bits) != 0) return false;
        m_here.took(step::slen_check);
        if (node.slen == node.pos) return false;
        m_here.took(step::slen_match);
        return true;
    }

    fib_node* read_child(fib_node* child) {
        m_here.took(step::child_read);
        if (child) {
            m_here.took(step::child_found);
            return child;
        }
        m_here.took(step::null_first_child);
        return cut_lowest_bit();
    }

    // The child reached by clearing the index's lowest set bit, in the nearest ancestor where one is left.
    fib_node* cut_lowest_bit() {
        for (;;) {
            m_here.took(step::backtrace);
            if (m_index == 0 && !ascend()) return nullptr;
            m_here.took(step::stripped);
            m_index &= m_index - 1;
            works_on_node(m_trace, *m_parent, m_index);
            m_here.took(step::child_read);
            if (auto* child = m_parent->child(m_index)) {
                m_here.took(step::child_found);
                return child;
            }
            m_here.took(step::null_first_child);
        }
    }

    bool ascend() {
        m_here.took(step::ascend_begun);
        for (;;) {
            if (m_parent->is_trie()) {
                m_here.took(step::no_match);
                return false;
            }
            works_on_node(m_trace, *m_parent);
            m_here.took(step::ascended);
            const auto key = m_parent->key;
            m_parent = m_parent->parent;
            m_index = m_parent->cindex(key);
            if (m_index != 0) return true;
            m_here.took(step::ascend_again);
        }
    }

    call_trace& m_trace;
    kernel_call& m_here;
    std::uint32_t m_key;
    const fib_tnode* m_parent;
    std::uint64_t m_index = 0;
};

// Does the alias answer the flow, as far as prefix, TOS and scope go?
bool alias_matches(kernel_call& here, const fib_alias& alias, std::uint32_t difference, const flowi4& flow) {
    here.took(step::alias);
    if (std::uint64_t{difference} >> alias.fa_slen != 0) return false;
    here.took(step::alias_prefix_match);
    if (alias.fa_dscp != 0) {
        here.took(step::alias_dscp);
        if (alias.fa_dscp != (flow.flowi4_tos & 0x1c)) return false;
    }
    const bool in_scope = alias.fa_info->fib_scope >= flow.flowi4_scope;
    here.took(in_scope ? step::alias_matched : step::alias_scope_refused);
    return in_scope;
}

void fill(fib_result& result, const fib_table& table, const fib_leaf& leaf, const fib_alias& alias,
          std::size_t selected) {
    result.prefix = {{leaf.key}, static_cast<std::uint8_t>(32 - alias.fa_slen)};
    result.nh_sel = selected;
    result.nhc = &alias.fa_info->fib_nh[selected];
    result.type = alias.fa_type;
    result.scope = alias.fa_info->fib_scope;
    result.dscp = alias.fa_dscp;
    result.fi = alias.fa_info.get();
    result.table = &table;
}

// The first usable next hop's number, or how many there are when none is.
std::size_t select_nexthop(receive_context& context, kernel_call& here, fib_info& info, unsigned flags,
                           const flowi4& flow, const ipv4_devconf& all) {
    here.took(step::not_dead);
    std::size_t selected = 0;
    for (; selected < info.fib_nh.size(); ++selected) {
        works_on_fib_info(context.trace, info, selected);
        here.took(step::nexthop);
        auto& nexthop = info.fib_nh[selected];
        if (fib_lookup_good_nhc(context, nexthop, flags, flow, all)) break;
        here.took(step::nexthop_refused);
    }
    return selected;
}

// Tries the routes of a leaf in order; nothing when none answers.
bool search_leaf(receive_context& context, kernel_call& here, const fib_table& table, fib_leaf& leaf,
                 const flowi4& flow, unsigned flags, fib_result& result, int& answer) {
    here.took(step::leaf);
    const auto difference = flow.daddr.value ^ leaf.key;
    for (auto& alias : leaf.leaf) {
        works_on_alias(context.trace, leaf, alias);
        works_on_fib_info(context.trace, *alias.fa_info);
        if (!alias_matches(here, alias, difference, flow)) {
            here.took(step::alias_skipped);
            continue;
        }
        if (!alias.fa_accessed) here.took(step::first_access);
        alias.fa_accessed = true;
        here.took(step::error_read);
        answer = fib_props(alias.fa_type).error;
        if (answer < 0) {
            here.took(step::rejected);
            return true;
        }
        auto& info = *alias.fa_info;
        if ((info.fib_flags & rtnh_f_dead) != 0) {
            here.took(step::dead);
        } else {
            const auto selected = select_nexthop(context, here, info, flags, flow, *table.devconf_all);
            if (selected < info.fib_nh.size()) {
                here.took(step::result);
                fill(result, table, leaf, alias, selected);
                return true;
            }
            here.took(step::nexthops_exhausted);
        }
        here.took(step::alias_skipped);
    }
    here.took(step::aliases_exhausted);
    return false;
}

}  // namespace

int fib_table_lookup(receive_context& context, const fib_table& table, const flowi4& flow, fib_result& result,
                     unsigned flags) {
    context.trace.works_on_number(memory_object::fib_table, table.tb_id);
    kernel_call here{context.trace, fn::fib_table_lookup};
    if (!table.trie->root().child(0)) {
        here.took(step::empty);
        return -EAGAIN;
    }
    here.took(step::searched);
    trie_walk walk{context.trace, here, *table.trie, flow.daddr.value};
    for (auto* leaf = walk.first_leaf(); leaf; leaf = walk.next_leaf()) {
        int answer = 0;
        if (search_leaf(context, here, table, *leaf, flow, flags, result, answer)) return answer;
    }
    return -EAGAIN;
}

bool fib_lookup_good_nhc(receive_context& context, const fib_nh_common& nexthop, unsigned flags, const flowi4& flow,
                         const ipv4_devconf& all) {
    namespace step = path::fib_lookup_good_nhc;
    if (nexthop.nhc_dev != nullptr) works_on_dst_device(context.trace, *nexthop.nhc_dev);
    kernel_call here{context.trace, fn::fib_lookup_good_nhc};
    if ((nexthop.nhc_flags & rtnh_f_dead) != 0) return false;
    here.took(step::linkdown_ignored_all);
    bool ignores = all.ignore_routes_with_linkdown != 0;
    if (!ignores) {
        here.took(step::linkdown_ignored_device);
        ignores = nexthop.nhc_dev->ip.cnf.ignore_routes_with_linkdown != 0;
        if (ignores) here.took(step::device_ignores_linkdown);
    }
    if (ignores) {
        here.took(step::linkdown_check);
        if ((nexthop.nhc_flags & rtnh_f_linkdown) != 0) {
            here.took(step::linkdown);
            if ((flags & fib_lookup_ignore_linkstate) == 0) {
                here.took(step::linkdown_refused);
                return false;
            }
        }
    }
    here.took(step::oif_check);
    if (flow.flowi4_oif == 0) return true;
    here.took(step::oif_compared);
    return flow.flowi4_oif == nexthop.nhc_oif();
}

}  // namespace rxpath
