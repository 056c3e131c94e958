// The cycles that work takes on one core: its instructions at the rate the core sustains, its returns and indirect
// calls, and the waits for code and data that are not in the L1.
//
// A return and an indirect call cost a misprediction each where the kernel's mitigations make them mispredict by design
// (safe RET, retpolines). So does a branch now and then in a line of code that has left the L1I, for what predicts it
// has left the nearest tables too. Out-of-order execution hides a part of each wait, the preset's exposed shares say
// how much it does not; it hides nothing of a walk, whose next node is found in the one before. Left out:
// mispredictions in warm code, TLBs, the operation cache.
#pragma once

#include "models/base/host_spec.h"
#include "models/cpu/code_profile.h"
#include "models/cpu/footprint.h"
#include "models/cpu/instruction_cache.h"
#include "models/cpu/memory_hierarchy.h"

namespace rxpath {

// Its model with the numbers that it sets. Throws as make_core_preset() does.
core_preset preset_of(const cpu_spec& cpu);

class core_timing {
public:
    // Core number `number` of those that `memory` was made for. Code and memory must outlive it.
    core_timing(const cpu_spec& cpu, const code_profile& code, memory_hierarchy& memory, std::uint32_t number = 0);

    // Something else ran: the code of a system call and an application fills an L1I several times.
    void instructions_left_l1() { m_l1i.clear(); }

    // Cycles of each.
    double execute(std::int64_t instructions) const { return static_cast<double>(instructions) * m_rate; }
    double front_end(std::uint32_t returns, std::uint32_t indirect_calls) const {
        return returns * m_return + indirect_calls * m_indirect_call;
    }
    // Of a line of code that comes from the L2.
    double fetch_from_l2() const { return m_fetch; }
    double front_end(function_number function) const {
        const auto& code = m_code.of(function);
        return front_end(code.returns, code.indirect_calls);
    }
    // Of the code of a call; adds its lines to `found`.
    double fetch(function_number function, memory_use& found) {
        const auto lines = m_code.of(function).lines, missed = m_l1i.call(function, lines);
        found.code[static_cast<std::size_t>(memory_level::l1)] += lines - missed;
        found.code[static_cast<std::size_t>(memory_level::l2)] += missed;
        return missed * m_fetch;
    }
    double access(function_number function, const line_access& touched) {
        const auto code = m_code.of(function).place;
        const auto line = line_of_address(touched.line);
        const auto stall = (touched.is_write ? m_memory.write(line, code) : m_memory.read(line, code)).stall;
        return stall == 0 ? 0 : stall * exposed_share(touched);
    }

    const core_memory& memory() const { return m_memory; }

private:
    double exposed_share(const line_access& touched) const {
        if (touched.is_write) return m_preset.exposed_store;
        return touched.in_walk ? 1 : m_preset.exposed_load;
    }

    core_preset m_preset;
    double m_rate, m_return, m_indirect_call, m_fetch;
    const code_profile& m_code;
    instruction_cache m_l1i;
    core_memory m_memory;
};

}  // namespace rxpath
