// Where the members of struct dst_entry lie, for 64-bit and 32-bit kernels with CONFIG_XFRM (include/net/dst.h).
//
// On 64 bits __rcuref opens the second cache line and lwtstate, the last member, the third. On 32 bits pointers halve,
// so that lwtstate comes before __rcuref to bring that to offset 64 as well.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace rxpath {

struct member_layout {
    std::string_view member;
    std::size_t offset;  // bytes
    std::size_t size;    // bytes
};

constexpr std::array<member_layout, 23> dst_entry_layout_32 = {{
    {"dev", 0, 4},          {"ops", 4, 4},
    {"_metrics", 8, 4},     {"expires", 12, 4},
    {"xfrm", 16, 4},        {"input", 20, 4},
    {"output", 24, 4},      {"flags", 28, 2},
    {"obsolete", 30, 2},    {"header_len", 32, 2},
    {"trailer_len", 34, 2}, {"__use", 36, 4},
    {"lastuse", 40, 4},     {"rcu_head", 44, 8},
    {"error", 52, 2},       {"__pad", 54, 2},
    {"tclassid", 56, 4},    {"lwtstate", 60, 4},
    {"__rcuref", 64, 4},    {"dev_tracker", 68, 0},
    {"rt_uncached", 68, 8}, {"rt_uncached_list", 76, 4},
    {"(total)", 0, 80},
}};

}  // namespace rxpath
