// A progress bar on standard error: only when that is a terminal, and only once a run takes longer than a moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace rxpath {

class progress_bar {
public:
    // `total` 0: unknown, nothing is drawn.
    progress_bar(std::string label, std::uint64_t total);
    // Wipes the bar.
    ~progress_bar();
    progress_bar(const progress_bar&) = delete;
    progress_bar& operator=(const progress_bar&) = delete;

    void update(std::uint64_t done);

private:
    using clock = std::chrono::steady_clock;

    std::string m_label;
    std::uint64_t m_total;
    bool m_wanted;
    bool m_drawn = false;
    clock::time_point m_begin = clock::now();
    clock::time_point m_next = m_begin + std::chrono::milliseconds(400);
};

}  // namespace rxpath
