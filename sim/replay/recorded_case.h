// A recorded kernel case: its steps, checked. What the kernel answered is not read, so a case predicts the same without
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/sk_buff.h"

namespace rxpath {

// One step: a command, a packet that is queued or injected, or a poll that takes what is queued.
struct case_step {
    enum class kind : std::uint8_t { command, packet, queued, poll };
    std::uint32_t line = 0;  // of the case's file
    kind type = kind::command;
    std::string command;                      // "do"
    std::uint64_t number = 0;                 // "packet"
    std::string device;                       // "dev"
    rxpath::packet frame;                     // "bytes", "dst_mac"
    std::optional<std::uint32_t> server_isn;  // of the SYN-ACK that answers it
};

struct recorded_case {
    std::string file;
    std::string name;
    std::vector<case_step> steps;
};

// Throws input_error naming the file, the line, the step and what is wrong with it.
recorded_case read_case(const std::string& file);

}  // namespace rxpath
