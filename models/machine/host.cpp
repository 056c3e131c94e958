#include "models/machine/host.h"

#include <algorithm>

#include "models/command/host_command.h"
#include "models/machine/host_module.h"
#include "models/machine/measurement_window.h"
#include "models/machine/replayed_host.h"
#include "models/machine/timer_module.h"
#include "models/wire/capture_traffic.h"
#include "models/wire/flow.h"
#include "models/wire/traffic_source_module.h"

namespace rxpath {

namespace {

constexpr auto progress_interval = milliseconds(20);  // of simulated time

}  // namespace

class host::simulation {
public:
    explicit simulation(host_spec spec)
        : m_spec(std::move(spec)),
          m_host("host", m_spec),
          m_source("traffic_source", m_spec.packets, m_spec.wire),
          m_window("measurement_window", m_spec, m_host),
          m_timers("timers", m_host.core().task, m_host.net(), [this] { return !m_source.over(); }) {
        m_host.set_up();
        m_host.observe(m_source);
        for (std::size_t i = 0; i < m_spec.nics.size(); ++i) m_source.wires(m_host.wire(i));
        for (const auto& listener : m_spec.listeners) m_host.listen(listener);
        for (const auto& flow : m_spec.flows) add_flow(flow);
        for (const auto& replay : m_spec.replays) add_replay(replay);
        schedule_commands();
    }

    void observe(run_observer& observer) { m_host.observe(observer); }

    void run(const std::function<void(std::uint64_t)>& progress) {
        do {
            sc_core::sc_start(next_stop());
            m_window.settle();
            if (progress) progress(m_host.skbs().taken());
        } while (sc_core::sc_pending_activity() && !m_window.over());
        const bool traffic_ended = !m_window.over();
        m_window.close();
        if (traffic_ended) m_window.note_stalled(stalled_flows());
    }

    const measurements& measured() const { return m_window.measured(); }
    std::vector<std::string> unowned() { return m_host.unowned(); }

private:
    // Progress is told now and then; where nothing happens there is none.
    static sc_core::sc_time next_stop() {
        const auto interval = to_sc_time(progress_interval);
        if (!sc_core::sc_pending_activity()) return interval;
        return std::max(interval, sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext()));
    }

    // The traffic is over. Flows come before replays among it.
    std::vector<stalled_flow> stalled_flows() const {
        std::vector<stalled_flow> stalled;
        for (std::size_t i = 0; i < m_spec.flows.size() && !m_source.enough(); ++i) {
            if (const auto left = m_source.unfinished(i))
                stalled.push_back({i, left->packets, left->connections});
            else if (m_spec.packets != 0 && m_spec.flows[i].is_endless())
                stalled.push_back({i, m_spec.packets - m_source.emitted(), 0});
        }
        return stalled;
    }

    void add_flow(const flow_spec& spec) {
        std::vector<std::size_t> devices;
        for (const auto& name : spec.devices) devices.push_back(nic_named(name));
        if (devices.empty()) devices.push_back(nic_named(spec.device));
        if (spec.server_closes)
            m_host.application().close_after(spec.from.address, spec.to, spec.packets_per_connection, spec.packets);
        if (spec.type == flow_spec::kind::tcp)
            m_source.add_traffic(std::make_unique<tcp_flow>(spec, devices));
        else
            m_source.add_traffic(std::make_unique<stateless_flow>(spec, devices));
    }

    void add_replay(const replay_spec& spec) {
        auto& replayed = *m_replayed.emplace_back(std::make_unique<replayed_host>(spec, m_host));
        m_source.add_traffic(
            std::make_unique<capture_traffic>(spec, nic_named(spec.device), [this, &replayed](const packet& sent) {
                m_host.core().cpu.submit(task_source::recorded_host, {}, [&replayed, &sent] { replayed.sent(sent); });
            }));
    }

    // Where a flow arrives that names no device: the first.
    std::size_t nic_named(const std::string& name) const {
        for (std::size_t i = 0; i < m_spec.nics.size(); ++i)
            if (m_spec.nics[i].name == name) return i;
        return 0;
    }

    // A command runs as a task on the core: never in the middle of the softirq. Commands of one time run in the order
    // of the file.
    void schedule_commands() {
        for (const auto& timed : m_spec.at) m_commands.push_back(&timed);
        std::stable_sort(m_commands.begin(), m_commands.end(),
                         [](const auto* one, const auto* other) { return one->time < other->time; });
        sc_core::sc_spawn_options options;
        options.spawn_method();
        sc_core::sc_spawn([this] { submit_due_commands(); }, sc_core::sc_gen_unique_name("at"), &options);
    }

    void submit_due_commands() {
        const auto now = simulated_now();
        for (; m_next_command != m_commands.size() && m_commands[m_next_command]->time <= now; ++m_next_command) {
            const auto& command = m_commands[m_next_command]->command;
            m_host.core().cpu.submit(task_source::command, {}, [this, &command] {
                apply_host_command(m_host.net(), command, m_host.core().cpu.now());
            });
        }
        if (m_next_command == m_commands.size()) return;
        sc_core::next_trigger(to_sc_time(m_commands[m_next_command]->time - now));
    }

    const host_spec m_spec;
    host_module m_host;
    traffic_source_module m_source;
    measurement_window m_window;
    timer_module m_timers;
    std::vector<std::unique_ptr<replayed_host>> m_replayed;
    std::vector<const timed_command*> m_commands;  // in order of time
    std::size_t m_next_command = 0;
};

host::host(const host_spec& spec) : m_simulation(std::make_unique<simulation>(spec)) {}
host::~host() = default;

void host::observe(run_observer& observer) { m_simulation->observe(observer); }
void host::run(const std::function<void(std::uint64_t)>& progress) { m_simulation->run(progress); }
const measurements& host::measured() const { return m_simulation->measured(); }
std::vector<std::string> host::unowned() { return m_simulation->unowned(); }

}  // namespace rxpath
