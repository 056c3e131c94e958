// What a write() of a packet to a TAP device runs outside net_rx_action(): the system call, the TAP driver, copying the
// frame in. The model simulates what begins with net_rx_action(); measurements time the whole write().
//
// Recorded with Linux 6.12.117 as the cost profile is: 2,393 instructions with 100 bytes of payload, 3,741 with 1448,
// so one a byte. The recorder counts each turn of `rep movsb`, with which the kernel copies from user space, as an
// instruction; a processor moves many bytes a cycle. So the bytes are priced as a copy, the rest as instructions.
#pragma once

#include <cstdint>

#include "models/base/host_spec.h"

namespace rxpath {

constexpr std::uint32_t write_path_instructions = 2293;  // whatever the size
// Recorded in the same packets; the lines come from the L2, as those of the receive path do.
constexpr std::uint32_t write_path_returns = 57, write_path_indirect_calls = 2;
constexpr std::uint32_t write_path_code_lines = 212;

// Core cycles of a write() outside net_rx_action(): its instructions, calls and code as core_timing prices them, the
// payload as a read() copies it.
double write_path_cycles(const host_spec& host, std::uint32_t payload_bytes);

}  // namespace rxpath
