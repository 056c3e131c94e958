// The accounts of a run by fate (models/base/packet_fate.h) as a child process answers them to compare.
#pragma once

#include "models/base/packet_fate.h"
#include "sim/result/run_result.h"

namespace rxpath {

// [{"outcome": "delivered", "reason": null, "place": "alone", "called": ["tcp_rcv_established"], "packets": 100,
//   "stages": {"routing": {...}}, "causes": {...}, "functions": {...}}]: sums over the packets; what is 0 is left out.
json to_json(const fate_accounts& fates);

}  // namespace rxpath
