#include "sim/hardware/saving_prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "models/cpu/kernel_profile.h"
#include "models/machine/host.h"
#include "sim/hardware/write_path.h"
#include "sim/scenario/trial_host.h"
#include "sim/support/child_process.h"
#include "sim/support/error.h"
#include "sim/support/progress.h"

namespace rxpath {

namespace {

constexpr std::uint32_t least_counted = 2000;   // packets, in whole rounds of the flows
constexpr std::uint32_t handshake_packets = 2;  // SYN and ACK

std::uint32_t payload_of(const measured_configuration& configuration) {
    return configuration.ack_only != 0 ? 0 : configuration.payload;
}

// Between two packets: the one before has been read by then. A round of the flows stays below the least time-out (200
// ms, TCP_RTO_MIN), since a flow that was silent for longer is acknowledged at once again, unless it takes
// tools/measure longer too.
picoseconds interval_of(const measured_configuration& configuration) {
    constexpr auto round = milliseconds(160), least = microseconds(10), most = microseconds(100);
    return {std::clamp(round.value / configuration.flows, least.value, most.value)};
}

flow_spec flow_of(const measured_configuration& configuration) {
    flow_spec flow;
    flow.from = measured_client(0);
    flow.to = measured_server;
    flow.connections = configuration.flows;
    flow.payload = byte_count{payload_of(configuration)};
    flow.interval = interval_of(configuration);
    return flow;
}

// The median packet's: measurements are medians too, so that a packet now and then that is acknowledged at once is not
// in them. What the application does is no part of a write().
double cycles_per_write(const measurements& measured, const host_spec& spec, std::uint32_t payload) {
    std::vector<std::uint64_t> cycles;
    for (const auto& packet : measured.packets) {
        if (packet.number >= measured.first_measured) cycles.push_back(packet.done.core_cycles);
    }
    const auto median = cycles.begin() + static_cast<std::ptrdiff_t>(cycles.size() / 2);
    std::nth_element(cycles.begin(), median, cycles.end());
    return static_cast<double>(*median) + write_path_cycles(spec, payload);
}

double simulate(const measured_configuration& configuration, bool early_demux, const std::vector<setting>& settings) {
    const auto spec = measured_host(configuration, early_demux, settings);
    host simulated(spec);
    simulated.run();
    const auto& measured = simulated.measured();
    if (measured.polls < measured.packets_received) {
        throw std::runtime_error(fmt::format("{} packets came in {} polls: the host does not keep up with one in {} ns",
                                             measured.packets_received, measured.polls,
                                             interval_of(configuration).value / 1000));
    }
    return cycles_per_write(measured, spec, payload_of(configuration));
}

// What the settings make the host refuse, before any process begins.
void check(const measured_configuration& configuration, const std::vector<setting>& settings) {
    const auto spec = measured_host(configuration, true, settings);
    trial_host trial(spec.nics);
    for (const auto& command : spec.setup) {
        if (const auto wrong = trial.try_command(command)) throw input_error(fmt::format("{}: {}", command, *wrong));
    }
    try {
        if (!spec.cpu.profile.empty()) kernel_profile::load(spec.cpu.profile);
    } catch (const std::invalid_argument& error) {
        throw input_error(error.what());
    }
}

// The traffic is the measurement's.
bool changes_traffic(const setting& given) {
    return given.name.rfind("flow.", 0) == 0 || given.name == "run.packets" || given.name == "run.warmup_packets";
}

}  // namespace

host_spec measured_host(const measured_configuration& configuration, bool early_demux,
                        const std::vector<setting>& settings) {
    host_spec spec;
    spec.timing = timing_mode::fast;
    spec.keep_packet_records = true;
    auto& nic = spec.nics.emplace_back();
    nic.checksum_offload = nic.dma = false;
    spec.cpu.irq_cycles = 0;
    spec.application.wakeup_cycles = spec.application.read_cycles = 0;
    spec.setup = setup_commands(configuration, nic.name);
    spec.setup.push_back(fmt::format("sysctl net.ipv4.tcp_early_demux={}", early_demux ? 1 : 0));
    spec.listeners = {{transport::tcp, measured_server, "", {}}};
    spec.flows = {flow_of(configuration)};
    const std::uint64_t flows = configuration.flows;
    spec.warmup_packets = (handshake_packets + rounds_before_measuring(configuration)) * flows;
    spec.packets = spec.warmup_packets + (least_counted + flows - 1) / flows * flows;
    for (const auto& each : settings) {
        if (changes_traffic(each)) {
            throw input_error(
                fmt::format("--set: found {}, allowed: what does not change the measured traffic", each.name));
        }
        if (const auto wrong = apply(each, spec)) throw input_error("--set: " + *wrong);
    }
    return spec;
}

std::vector<saving_prediction> predict_savings(const std::vector<measured_configuration>& configurations,
                                               const std::vector<setting>& settings) {
    check(configurations.front(), settings);
    std::vector<child_task> tasks;
    for (const auto& configuration : configurations) {
        for (const bool early_demux : {false, true}) {
            tasks.emplace_back(
                [&, early_demux] { return fmt::format("{:.17g}", simulate(configuration, early_demux, settings)); });
        }
    }
    std::vector<saving_prediction> predictions(configurations.size());
    progress_bar progress("validate", tasks.size());
    std::size_t finished = 0;
    run_children(tasks, std::max(1u, std::thread::hardware_concurrency()),
                 [&](std::size_t index, const child_result& result) {
                     progress.update(++finished);
                     const auto& configuration = configurations[index / 2];
                     if (!result.finished) throw std::runtime_error(to_string(configuration) + ": " + result.text);
                     auto& predicted = predictions[index / 2];
                     (index % 2 == 0 ? predicted.off_cycles : predicted.on_cycles) = std::stod(result.text);
                 });
    return predictions;
}

}  // namespace rxpath
