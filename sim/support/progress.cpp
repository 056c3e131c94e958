#include "sim/support/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "sim/support/table.h"

namespace rxpath {

progress_bar::progress_bar(std::string label, std::uint64_t total)
    : m_label(std::move(label)), m_total(total), m_wanted(total != 0 && isatty(STDERR_FILENO) == 1) {}

progress_bar::~progress_bar() {
    if (m_drawn) fmt::print(stderr, "\r\x1b[K");
}

void progress_bar::update(std::uint64_t done) {
    if (!m_wanted) return;
    const auto now = clock::now();
    if (now < m_next) return;
    m_next = now + std::chrono::milliseconds(100);
    m_drawn = true;
    const auto share = std::min(1.0, static_cast<double>(done) / static_cast<double>(m_total));
    const auto seconds = std::chrono::duration<double>(now - m_begin).count();
    const auto left = share > 0 ? fmt::format("{:.0f} s left", seconds / share - seconds) : "";
    fmt::print(stderr, "\r\x1b[K{} {:>5.1f} %  {:30}  {}", m_label, share * 100, bar(share, 30), left);
    std::fflush(stderr);
}

}  // namespace rxpath
