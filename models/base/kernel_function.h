// The kernel's functions on the receive path, each with the steps that decide what a call of it costs.
//
// The .def files in kernel_functions/ list one function a line: its name, the kernel file it is in, and its steps. A
// step is a part of the function's work that some calls do and others do not, or do several times (a block summed, a
// trie level walked). A call costs its function's base plus each step taken; models/cpu/profiles says how many
// instructions that is.
//
// Who names functions includes the header of their layer, kernel_functions/ip.h and so on: fn::tcp_v4_rcv is the number
// of tcp_v4_rcv(), path::tcp_v4_rcv::own_lookup its step own_lookup. So a function that one layer gets does not
// recompile the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rxpath {

// How a function counts.
enum class function_kind : std::uint8_t {
    receive,  // on the receive path: its instructions are compared with the kernel's, one by one
    helper,   // a lock, RCU, a copy: charged, not compared
    closed,   // a reply, an allocation, a socket's making: charged as a whole with all that it calls
};

enum class function_number : std::uint16_t {};

// Numbers go by layer, in packet order. Each layer has room for functions to come.
namespace first_function {
constexpr std::uint16_t napi = 0, ip = 40, early_demux = 80, routing = 88, socket = 168, helpers = 312, end = 344;
}  // namespace first_function

// Numbers, with those that no function has.
constexpr std::size_t function_count = first_function::end;

struct kernel_function {
    std::string_view name;   // empty: there is no function of this number
    std::string_view file;   // in the kernel's source tree
    std::string_view steps;  // "own_lookup, csum_unverified": in the order of the step numbers
    function_kind kind;

    // The name of step number `index`; empty when there is none.
    std::string_view step_name(std::size_t index) const;
    std::size_t step_count() const;
};

const kernel_function& describe(function_number function);
// Those that there are, in packet order.
const std::vector<function_number>& all_functions();

}  // namespace rxpath
