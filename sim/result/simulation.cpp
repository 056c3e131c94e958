#include "sim/result/simulation.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "sim/support/error.h"
#include "sim/support/progress.h"

namespace rxpath {

namespace {

// How many packets the host will receive, for the progress bar; 0: not known.
std::uint64_t expected_packets(const host_spec& spec) {
    if (spec.packets != 0) return spec.packets;
    std::uint64_t packets = 0;
    for (const auto& flow : spec.flows) packets += flow.packets != 0 ? flow.packets : flow.ports;
    for (const auto& replay : spec.replays) {
        const auto& frames = replay.frames;
        packets += static_cast<std::uint64_t>(
            std::count_if(frames.begin(), frames.end(), [](const capture_frame& frame) { return !frame.sent; }));
    }
    return packets;
}

std::unique_ptr<host> build(const host_spec& spec) {
    try {
        return std::make_unique<host>(spec);
    } catch (const std::invalid_argument& error) {
        throw input_error(error.what());
    }
}

}  // namespace

simulation::simulation(const host_spec& spec, const std::string& label, const std::vector<run_observer*>& observers)
    : m_host(build(spec)) {
    for (auto* observer : observers) m_host->observe(*observer);
    progress_bar progress(label, expected_packets(spec));
    const auto begin = std::chrono::steady_clock::now();
    m_host->run([&](std::uint64_t packets) { progress.update(packets); });
    const bool came_too_late = spec.warmup != picoseconds{} && measured().wires.offered + measured().carried_in == 0;
    if (!measured().warm || came_too_late)
        throw std::runtime_error("the warm-up was not over when the run was: nothing is measured");
    m_wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace rxpath
