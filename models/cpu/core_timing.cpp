#include "models/cpu/core_timing.h"

namespace rxpath {

namespace {

core_preset preset_of(const cpu_spec& cpu) {
    auto preset = make_core_preset(cpu.model, cpu.numbers);
    preset.frequency_ghz = cpu.frequency_ghz;
    return preset;
}

}  // namespace

core_timing::core_timing(const cpu_spec& cpu, const code_profile& code)
    : m_preset(preset_of(cpu)),
      m_rate(m_preset.base_cycles_per_instruction),
      m_return(cpu.mitigations ? m_preset.safe_return : m_preset.predicted_return),
      m_indirect_call(cpu.mitigations ? m_preset.retpoline : m_preset.indirect_call),
      m_code(code),
      m_memory(m_preset, 1) {}

void core_timing::assume_warm() {
    m_memory.assume_warm();
    for (std::size_t i = 0; i < function_count; ++i) fetch(static_cast<fn>(i));
    m_memory.restart_counts();
}

void core_timing::written_by_device(std::uint64_t from, std::uint32_t bytes) {
    for (auto line = line_of_address(from); line <= line_of_address(from + bytes - 1); ++line) m_memory.dma_write(line);
}

double core_timing::front_end(fn function) const {
    const auto& code = m_code.of(function);
    return front_end(code.returns, code.indirect_calls);
}

double core_timing::fetch(fn function) {
    const auto& code = m_code.of(function);
    double waited = 0;
    for (std::uint32_t i = 0; i < code.lines; ++i) {
        const auto found = m_memory.fetch(0, code.first_line + i);
        if (found.served_by != memory_level::l1) waited += cold_line(found.stall);
    }
    return waited;
}

double core_timing::access(fn function, const line_access& touched) {
    const auto code = static_cast<std::uint32_t>(function);
    const auto line = line_of_address(touched.line);
    if (touched.is_write) return m_memory.write(0, line, code).stall * m_preset.exposed_store;
    return m_memory.read(0, line, code).stall * (touched.in_walk ? 1 : m_preset.exposed_load);
}

}  // namespace rxpath
