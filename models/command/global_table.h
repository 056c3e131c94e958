// IPv4 prefixes as a router of the global table has them: lengths in today's proportions, aggregates with
// more-specifics, neighbours announced in runs, all of it unicast space.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/address.h"

namespace rxpath {

// `count` distinct prefixes, in random order. The same seed gives the same.
std::vector<ipv4_prefix> global_table(std::size_t count, std::uint64_t seed);

}  // namespace rxpath
