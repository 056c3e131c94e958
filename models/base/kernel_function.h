// The kernel's functions on the receive path, each with the steps that decide what a call of it costs.
//
// The .def files list one function a line: its name, the kernel file it is in, and its steps. A step is a part of the
// function's work that some calls do and others do not, or do several times (a block summed, a trie level walked).
// A call costs its function's base plus each step taken; models/cpu/profiles says how many instructions that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

// How a function counts.
enum class function_kind : std::uint8_t {
    receive,  // on the receive path: its instructions are compared with the kernel's, one by one
    helper,   // a lock, RCU, a copy: charged, not compared
    closed,   // a reply, an allocation, a socket's making: charged as a whole with all that it calls
};

enum class fn : std::uint16_t {
#define RXPATH_FUNCTION(name, file, ...) name,
#define RXPATH_HELPER(name, file, ...) name,
#define RXPATH_CLOSED(name, file, ...) name,
#include "models/base/kernel_functions/all.def"
    count
};

// path::tcp_v4_rcv::own_lookup is the step own_lookup of tcp_v4_rcv().
namespace path {
#define RXPATH_FUNCTION(name, file, ...)                          \
    namespace name {                                              \
    enum step : std::uint8_t { __VA_ARGS__ };                     \
    constexpr fn function_of(step /*taken*/) { return fn::name; } \
    }
#define RXPATH_HELPER RXPATH_FUNCTION
#define RXPATH_CLOSED RXPATH_FUNCTION
#include "models/base/kernel_functions/all.def"
}  // namespace path

constexpr std::size_t function_count = static_cast<std::size_t>(fn::count);

struct kernel_function {
    std::string_view name;
    std::string_view file;   // in the kernel's source tree
    std::string_view steps;  // "own_lookup, csum_unverified": in the order of the step numbers
    function_kind kind;

    // The name of step number `index`; empty when there is none.
    std::string_view step_name(std::size_t index) const;
    std::size_t step_count() const;
};

const kernel_function& describe(fn function);

}  // namespace rxpath
