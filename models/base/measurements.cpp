#include "models/base/measurements.h"

namespace rxpath {

work& work::operator+=(const work& other) {
    instructions += other.instructions;
    context_instructions += other.context_instructions;
    loads += other.loads;
    stores += other.stores;
    found += other.found;
    core_cycles += other.core_cycles;
    for (std::size_t i = 0; i < why.size(); ++i) why[i] += other.why[i];
    return *this;
}

packet_work& packet_work::operator+=(const packet_work& other) {
    instructions += other.instructions;
    context_instructions += other.context_instructions;
    loads += other.loads;
    stores += other.stores;
    core_cycles += other.core_cycles;
    return *this;
}

}  // namespace rxpath
