#include "sim/study/study_engine.h"

#include <fmt/format.h>

#include "sim/result/simulation.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

class local_engine : public study_engine {
public:
    explicit local_engine(std::size_t jobs) : m_jobs(jobs) {}

    void make(const study& whole, const std::vector<const planned_run*>& runs, const run_done& done) override {
        std::vector<child_task> tasks;
        for (const auto* each : runs)
            tasks.emplace_back([&whole, each] {
                const auto spec = whole.from.with(each->point);
                const simulation finished(spec, each->point.name());
                return answer_of(statistics_of(finished.measured(), spec));
            });
        run_children(tasks, m_jobs, [&](std::size_t index, const child_result& result) { done(*runs[index], result); });
    }

private:
    std::size_t m_jobs;
};

}  // namespace

std::unique_ptr<study_engine> make_study_engine(const std::string& name, std::size_t jobs) {
    if (name == "local") return std::make_unique<local_engine>(jobs);
    throw input_error(fmt::format("--engine: found '{}', allowed: local", name));
}

}  // namespace rxpath
