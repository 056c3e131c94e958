// What a run of scale_benchmark amounts to: each figure at a thousand and at a million, their ratio, and whether it
// keeps within its limit.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace rxpath {

// Prints the runs as usual, then the figures. A figure is a counter of a benchmark whose argument is the size.
class scale_reporter : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override;
    void Finalize() override;
    // Every figure that has a limit keeps within it. What was not run is not held against it.
    bool within_limits() const { return m_within_limits; }

private:
    struct figure {
        double thousand = 0, million = 0;
        bool complete() const { return thousand > 0 && million > 0; }
        double ratio() const { return million / thousand; }
    };

    figure of(const std::string& benchmark, const std::string& counter) const;
    std::string limited(double value, double limit);
    void print_routes();
    void print_sockets();

    std::map<std::string, figure> m_figures;  // by "benchmark counter"
    bool m_within_limits = true;
};

}  // namespace rxpath
