// Does the model carry a host of the real world: the global routing table, a million connections? Each figure is
// measured at a thousand and at a million; the last table says whether it keeps within its limit, and so does the exit
// status.
//
// Lookups are timed twice. Over a few destinations, which the machine's caches hold in either size: that is the work of
// the model's own structures, and it must not grow. Over all destinations at random: there a million entries wait for
// the memory of the machine, as they would in the kernel; this is reported and has no limit.
#include <benchmark/benchmark.h>

#include "scale_report.h"

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    rxpath::scale_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return reporter.within_limits() ? 0 : 1;
}
