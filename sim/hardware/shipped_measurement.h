// The CSV text of sim/hardware/measurements/native.csv, put here by the build: the saving measured on an AMD EPYC (Zen
// 3) with Linux 6.18 and mitigations on, six runs.
#pragma once

namespace rxpath {

extern const char* const shipped_measurement;

}  // namespace rxpath
