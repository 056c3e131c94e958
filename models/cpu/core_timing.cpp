#include "models/cpu/core_timing.h"

#include <algorithm>

namespace rxpath {

core_preset preset_of(const cpu_spec& cpu) { return make_core_preset(cpu.model, cpu.numbers); }

core_timing::core_timing(const cpu_spec& cpu, const code_profile& code, memory_hierarchy& memory, std::uint32_t number)
    : m_preset(preset_of(cpu)),
      m_rate(m_preset.base_cycles_per_instruction),
      m_return(cpu.mitigations ? m_preset.safe_return : m_preset.predicted_return),
      m_indirect_call(cpu.mitigations ? m_preset.retpoline : m_preset.indirect_call),
      m_fetch((m_preset.l2.latency - std::min(m_preset.l2.latency, m_preset.l1i_latency)) * m_preset.exposed_fetch +
              m_preset.cold_mispredictions * m_preset.misprediction),
      m_code(code),
      m_l1i(m_preset.l1i_size),
      m_memory(memory, number) {}

}  // namespace rxpath
