// The mirrored structs against layout.csv, which the recorded kernel's type information (BTF) gave.
#include "models/routing/dst_layout.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>

#include "models/routing/dst_ops.h"
#include "models/routing/rtable.h"

namespace rxpath {
namespace {

struct place {
    std::size_t offset, size;
    bool operator==(const place& other) const { return offset == other.offset && size == other.size; }
};
using layout = std::map<std::string, place>;

std::ostream& operator<<(std::ostream& out, const place& p) {
    return out << "offset " << p.offset << " size " << p.size;
}

layout kernel_layout(const std::string& structure) {
    std::ifstream file{LAYOUT_CSV};
    layout members;
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields{line};
        std::string name, member, offset, size;
        std::getline(fields, name, ',');
        std::getline(fields, member, ',');
        std::getline(fields, offset, ',');
        std::getline(fields, size, ',');
        if (name == structure) members[member] = {std::stoul(offset), std::stoul(size)};
    }
    return members;
}

void expect_same(const std::string& structure, const layout& mine) {
    const auto kernel = kernel_layout(structure);
    ASSERT_FALSE(kernel.empty());
    for (const auto& [member, where] : mine) {
        ASSERT_TRUE(kernel.count(member)) << member;
        EXPECT_EQ(kernel.at(member), where) << structure << "." << member;
    }
}

#define MEMBER(type, member)                                      \
    {                                                             \
#member, { offsetof(type, member), sizeof(type::member) } \
    }

TEST(DstLayout, DstEntryIsTheKernels) {
    const layout mine = {MEMBER(dst_entry, dev),
                         MEMBER(dst_entry, ops),
                         MEMBER(dst_entry, _metrics),
                         MEMBER(dst_entry, expires),
                         MEMBER(dst_entry, xfrm),
                         MEMBER(dst_entry, input),
                         MEMBER(dst_entry, output),
                         MEMBER(dst_entry, flags),
                         MEMBER(dst_entry, obsolete),
                         MEMBER(dst_entry, header_len),
                         MEMBER(dst_entry, trailer_len),
                         MEMBER(dst_entry, __rcuref),
                         MEMBER(dst_entry, __use),
                         MEMBER(dst_entry, lastuse),
                         MEMBER(dst_entry, error),
                         MEMBER(dst_entry, __pad),
                         MEMBER(dst_entry, tclassid),
                         MEMBER(dst_entry, rt_uncached),
                         MEMBER(dst_entry, rt_uncached_list),
                         MEMBER(dst_entry, lwtstate),
                         {"callback_head", {offsetof(dst_entry, rcu_head), sizeof(dst_entry::rcu_head)}},
                         {"(total)", {0, sizeof(dst_entry)}}};
    expect_same("dst_entry", mine);
}

TEST(DstLayout, RtableIsTheKernels) {
    const layout mine = {MEMBER(rtable, dst),     MEMBER(rtable, rt_genid),        MEMBER(rtable, rt_flags),
                         MEMBER(rtable, rt_type), MEMBER(rtable, rt_is_input),     MEMBER(rtable, rt_uses_gateway),
                         MEMBER(rtable, rt_iif),  MEMBER(rtable, rt_gw_family),    MEMBER(rtable, rt_gw4),
                         MEMBER(rtable, rt_gw6),  {"(total)", {0, sizeof(rtable)}}};
    expect_same("rtable", mine);
}

TEST(DstLayout, DstMetricsAreTheKernels) {
    expect_same("dst_metrics",
                {MEMBER(dst_metrics, metrics), MEMBER(dst_metrics, refcnt), {"(total)", {0, sizeof(dst_metrics)}}});
}

TEST(DstLayout, DstOpsAreTheKernels) {
    const layout mine = {
        MEMBER(dst_ops, family),      MEMBER(dst_ops, gc_thresh),     MEMBER(dst_ops, check),
        MEMBER(dst_ops, mtu),         MEMBER(dst_ops, destroy),       MEMBER(dst_ops, confirm_neigh),
        MEMBER(dst_ops, kmem_cachep), MEMBER(dst_ops, pcpuc_entries), {"(total)", {0, sizeof(dst_ops)}}};
    expect_same("dst_ops", mine);
}

TEST(DstLayout, ReferenceCountOpensTheSecondCacheLineOnBothWordSizes) {
    EXPECT_EQ(offsetof(dst_entry, __rcuref), 64u);
    for (const auto& member : dst_entry_layout_32) {
        if (member.member == "__rcuref") {
            EXPECT_EQ(member.offset, 64u);
        }
    }
}

TEST(DstLayout, MembersOf32BitsFollowOneAnotherWithoutGap) {
    std::size_t end = 0;
    for (const auto& member : dst_entry_layout_32) {
        if (member.member == "(total)") {
            EXPECT_EQ(member.size, end);
            continue;
        }
        EXPECT_EQ(member.offset, end) << member.member;
        end += member.size;
    }
}

}  // namespace
}  // namespace rxpath
