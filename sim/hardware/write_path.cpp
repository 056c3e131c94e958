#include "sim/hardware/write_path.h"

#include "models/cpu/core_timing.h"

namespace rxpath {

double write_path_cycles(const host_spec& host, std::uint32_t payload_bytes) {
    memory_hierarchy memory(preset_of(host.cpu), 1);
    const core_timing core(host.cpu, code_profile::built_in(), memory);
    return core.execute(write_path_instructions) + core.front_end(write_path_returns, write_path_indirect_calls) +
           write_path_code_lines * core.fetch_from_l2() + payload_bytes / host.application.copy_bytes_per_cycle;
}

}  // namespace rxpath
