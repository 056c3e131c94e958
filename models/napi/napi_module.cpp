#include "models/napi/napi_module.h"

#include <algorithm>

#include "models/napi/netif_receive.h"
#include "models/routing/works_on.h"

namespace rxpath {

napi_module::napi_module(const sc_core::sc_module_name& name, softirq_run& run, const host_spec& spec,
                         fast_dispatcher& dispatcher, receive_buffers& buffers)
    : stage_module(name, stage::napi, run),
      m_spec(spec),
      m_dispatcher(dispatcher),
      m_buffers(buffers),
      m_softnet(spec.napi.budget),
      m_poll(spec.napi.gro_normal_batch),
      m_resume([this] { (this->*m_continuation)(); }) {
    SC_HAS_PROCESS(napi_module);
    SC_METHOD(resume);
    sensitive << m_continue;
    dont_initialize();
}

void napi_module::add_device(ring_poll_if& ring, bool napi) {
    rings(ring);
    m_devices.emplace_back().napi = napi;
}

void napi_module::end_of_elaboration() {
    stage_module::end_of_elaboration();
    for (std::size_t i = 0; i < m_devices.size(); ++i) {
        m_devices[i].ring = rings[static_cast<int>(i)];
        sc_core::sc_spawn_options options;
        options.spawn_method();
        options.dont_initialize();
        options.set_sensitivity(&m_devices[i].ring->default_event());
        sc_core::sc_spawn([this, i] { take_interrupt(i); }, sc_core::sc_gen_unique_name("interrupt"), &options);
    }
}

void napi_module::resume() {
    m_resume();
    m_dispatcher.run();
}

// Goes on after that many cycles: by an event, or at once with the core's own time advanced.
void napi_module::after(cycles worked, continuation next) {
    m_continuation = next;
    if (m_spec.timing == timing_mode::exact) return m_continue.notify(m_run.cpu().to_time(worked));
    m_run.cpu().advance(worked);
    m_dispatcher.next(m_resume);
}

// Others are looked at only at a time that SystemC has reached. False: not reached yet, this step comes again then.
bool napi_module::synchronise() {
    const auto ahead = m_run.cpu().local_offset();
    if (ahead == sc_core::SC_ZERO_TIME) return true;
    m_run.cpu().synchronised();
    m_continue.notify(ahead);
    return false;
}

void napi_module::take_interrupt(std::size_t device) {
    m_devices[device].ring->interrupt_taken(simulated_now());
    schedule(device, simulated_now(), true);
    if (!m_running) start_next_run(false);
}

void napi_module::schedule(std::size_t device, picoseconds at, bool by_interrupt) {
    if (in_softirq(device)) return m_softnet.schedule(device, at, by_interrupt);
    const auto later = [&](const waiting& other) { return other.since == at && other.device > device; };
    m_alone.insert(std::find_if(m_alone.begin(), m_alone.end(), later), {device, at, by_interrupt});
}

// The core is taken at once, and what is to be polled is looked at when all interrupts of this picosecond are in.
void napi_module::start_next_run(bool at_once) {
    m_running = m_softnet.raised_since() || !m_alone.empty();
    if (!m_running) return;
    m_run.begin(at_once);
    m_taken.clear();
    m_continuation = &napi_module::enter;
    m_continue.notify(sc_core::SC_ZERO_TIME);
}

void napi_module::enter() {
    const auto raised_since = m_softnet.raised_since();
    m_softirq_open = raised_since && (m_alone.empty() || *raised_since <= m_alone.front().since);
    if (!m_softirq_open) return enter_alone();
    interrupted(m_softnet.splice(simulated_now()), &napi_module::open_softirq);
}

void napi_module::enter_alone() {
    const auto next = m_alone.front();
    m_alone.pop_front();
    m_polling = next.device;
    const bool thread = m_devices[next.device].threaded;
    interrupted(next.by_interrupt && !thread ? 1 : 0, &napi_module::next_poll);
}

void napi_module::interrupted(std::uint32_t times, continuation next) {
    const cycles taken{std::uint64_t{times} * m_spec.cpu.irq_cycles};
    m_run.interrupted(taken);
    after(taken, next);
}

void napi_module::open_softirq() {
    const auto first = m_softnet.first();
    if (first != backlog_instance()) works_on_device(context().trace, *m_devices[first].dev);
    m_softnet.begin(context());
    next_poll();
}

void napi_module::next_poll() {
    if (!m_softirq_open) return open_poll(m_polling);
    if (const auto instance = m_softnet.next(context())) return open_poll(*instance);
    if (m_softnet.goes_on(simulated_now()))
        return interrupted(m_softnet.splice({simulated_now().value - 1}), &napi_module::next_poll);
    end_run();
}

void napi_module::open_poll(std::size_t instance) {
    m_polling = instance;
    m_poll_began = m_run.cpu().now();
    m_polled = 0;
    m_poll_ends = false;
    if (instance == backlog_instance()) return open_backlog();
    m_run.observers().tell(&run_observer::polled_device);
    auto& device = m_devices[instance];
    if (device.napi) m_poll.begin(context(), *device.dev, device.again);
    after(m_run.charge(m_stage, nullptr), &napi_module::poll);
}

void napi_module::poll() {
    m_continuation = &napi_module::poll;
    if (!synchronise()) return;
    const auto& device = m_devices[m_polling];
    if (m_polled == m_spec.napi.weight) return end_at_weight();
    const auto* frame = device.ring->take(m_run.cpu().now());
    if (frame == nullptr) return complete();
    return device.napi ? poll_napi(*frame) : receive_single(*frame);
}

void napi_module::take(const received_frame& frame) {
    m_taken.push_back(&m_run.take(frame.frame, *m_devices[m_polling].dev, frame.arrival, frame.buffer));
    m_run.count_packets(stage::nic, 1);
    m_run.count_packets(m_stage, 1);
    ++m_polled;
}

void napi_module::poll_napi(const received_frame& frame) {
    take(frame);
    if (m_poll.receive(context(), *m_taken.back())) return hand_list_up(m_poll.list(), true);
    after(m_run.charge(m_stage, nullptr), &napi_module::poll);
}

void napi_module::receive_single(const received_frame& frame) {
    take(frame);
    begin_netif_receive(context(), *m_taken.back());
    m_single.assign(1, m_taken.back());
    hand_list_up(m_single, false);
}

void napi_module::complete() {
    m_poll_ends = true;
    if (m_devices[m_polling].napi && m_poll.complete(context())) return hand_list_up(m_poll.list(), true);
    after(m_run.charge(m_stage, nullptr), &napi_module::end_poll);
}

void napi_module::end_at_weight() {
    m_poll_ends = true;
    const bool more = m_devices[m_polling].ring->has_frame(simulated_now());
    if (m_devices[m_polling].napi && m_poll.end_at_weight(context(), more)) return hand_list_up(m_poll.list(), true);
    after(m_run.charge(m_stage, nullptr), &napi_module::end_poll);
}

void napi_module::hand_list_up(const std::vector<sk_buff*>& list, bool is_list) {
    m_token.list = &list;
    m_token.is_list = is_list;
    forward(m_token, to_ip_receive, nullptr);
}

// IP is done with the list.
void napi_module::process(receive_token& /*token*/) {
    auto next = m_poll_ends ? &napi_module::end_poll : &napi_module::poll;
    if (m_polling == backlog_instance()) {
        m_backlog.end_packet(context());
        next = &napi_module::poll_backlog;
    } else if (m_devices[m_polling].napi) {
        m_poll.list_done(context());
    } else {
        end_netif_receive(context());
    }
    after(m_run.charge(m_stage, nullptr), next);
}

// A poll that used its weight up keeps the NIC's interrupt off, and comes again.
void napi_module::end_poll() {
    m_continuation = &napi_module::end_poll;
    if (!synchronise()) return;
    auto& device = m_devices[m_polling];
    if (device.napi) m_poll.end_poll(context());
    device.again = m_polled == m_spec.napi.weight;
    if (!device.again) device.ring->enable_interrupt(simulated_now());
    schedule_backlog();
    polled(m_polling, m_polled, device.again);
}

void napi_module::polled(std::size_t instance, std::size_t packets, bool weight_used_up) {
    if (!m_softirq_open) {
        if (weight_used_up) schedule(instance, simulated_now(), false);
        return end_run();
    }
    const bool squeezed = m_softnet.polled(instance, static_cast<std::uint32_t>(packets), weight_used_up);
    if (!squeezed) return next_poll();
    m_run.observers().tell(&run_observer::squeezed_time);
    end_run();
}

// netif_rx() scheduled it while the poll ran.
void napi_module::schedule_backlog() {
    if (m_backlog_scheduled || context().looped.empty()) return;
    m_backlog_scheduled = true;
    m_softnet.schedule(backlog_instance(), m_poll_began, false);
}

void napi_module::open_backlog() {
    m_backlog_scheduled = false;
    m_backlog.begin(context());
    m_looped.clear();
    m_next_looped = 0;
    after(m_run.charge(m_stage, nullptr), &napi_module::poll_backlog);
}

void napi_module::poll_backlog() {
    if (m_next_looped == m_looped.size()) {
        m_looped.clear();
        m_looped.swap(context().looped);
        m_next_looped = 0;
    }
    if (m_looped.empty()) return end_backlog();
    const auto& looped = m_looped[m_next_looped++];
    auto& skb = m_run.take(looped.frame, *looped.dev, m_run.cpu().now(), m_buffers.next());
    skb_dst_set(skb, looped.dst);
    m_taken.push_back(&skb);
    ++m_polled;
    m_backlog.begin_packet(context(), skb);
    m_single.assign(1, &skb);
    hand_list_up(m_single, false);
}

void napi_module::end_backlog() {
    m_continuation = &napi_module::end_backlog;
    if (!synchronise()) return;
    m_backlog.end(context());
    polled(backlog_instance(), m_polled, false);
}

void napi_module::end_run() {
    if (m_softirq_open) m_softnet.end(context(), simulated_now());
    for (auto* skb : m_taken) m_run.finish(*skb);
    m_taken.clear();
    m_run.end();
    start_next_run(true);
}

}  // namespace rxpath
