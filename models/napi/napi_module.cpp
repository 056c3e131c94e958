#include "models/napi/napi_module.h"

#include "models/napi/netif_receive.h"

namespace rxpath {

namespace {

picoseconds sc_now() { return {sc_core::sc_time_stamp().value()}; }

}  // namespace

napi_module::napi_module(const sc_core::sc_module_name& name, softirq_run& run, const host_spec& spec,
                         fast_dispatcher& dispatcher, measurements& result)
    : stage_module(name, stage::napi, run),
      m_spec(spec),
      m_dispatcher(dispatcher),
      m_result(result),
      m_poll(spec.napi.gro_normal_batch),
      m_resume([this] { (this->*m_continuation)(); }) {
    SC_HAS_PROCESS(napi_module);
    SC_METHOD(resume);
    sensitive << m_continue;
    dont_initialize();
}

void napi_module::add_device(rx_ring& ring, bool napi) {
    const auto index = m_devices.size();
    napi_device device;
    device.ring = &ring;
    device.napi = napi;
    m_devices.push_back(device);
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&ring.interrupt());
    sc_core::sc_spawn([this, index] { take_interrupt(index); }, sc_core::sc_gen_unique_name("interrupt"), &options);
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
    m_devices[device].ring->disable_interrupt();
    m_devices[device].ring->interrupt_taken(sc_now());
    m_poll_list.push_back(device);
    if (!m_running) start_next_run();
    m_dispatcher.run();
}

void napi_module::start_next_run() {
    m_running = !m_poll_list.empty();
    if (!m_running) return;
    m_run.begin();
    m_taken.clear();
    const cycles entry{m_devices[m_poll_list.front()].threaded ? 0 : m_spec.cpu.irq_cycles};
    m_result.stages[static_cast<std::size_t>(m_stage)].core_cycles += entry.value;
    m_run.interrupted(entry);
    after(entry, &napi_module::begin_run);
}

void napi_module::begin_run() {
    const auto& device = m_devices[m_poll_list.front()];
    ++m_result.polls;
    m_completing = false;
    if (device.napi) m_poll.begin(context(), *device.dev, device.threaded);
    after(m_run.charge(m_stage, nullptr), &napi_module::poll);
}

void napi_module::poll() {
    m_continuation = &napi_module::poll;
    if (!synchronise()) return;
    const auto& device = m_devices[m_poll_list.front()];
    const bool may_take = m_taken.size() < m_spec.napi.weight;
    const auto* frame = may_take ? device.ring->take(m_run.cpu().now()) : nullptr;
    if (frame == nullptr) return device.napi ? complete() : end_poll();
    return device.napi ? poll_napi(*frame) : receive_single(*frame);
}

void napi_module::poll_napi(const received_frame& frame) {
    auto& skb = m_run.take(frame.frame, *m_devices[m_poll_list.front()].dev, frame.arrival);
    m_taken.push_back(&skb);
    m_run.count_packets(stage::nic, 1);
    m_run.count_packets(m_stage, 1);
    if (m_poll.receive(context(), skb)) return hand_list_up(m_poll.list(), true);
    after(m_run.charge(m_stage, nullptr), &napi_module::poll);
}

void napi_module::receive_single(const received_frame& frame) {
    auto& skb = m_run.take(frame.frame, *m_devices[m_poll_list.front()].dev, frame.arrival);
    m_taken.push_back(&skb);
    m_run.count_packets(stage::nic, 1);
    m_run.count_packets(m_stage, 1);
    begin_netif_receive(context(), skb);
    m_single.assign(1, &skb);
    hand_list_up(m_single, false);
}

void napi_module::complete() {
    m_completing = true;
    if (m_poll.complete(context())) return hand_list_up(m_poll.list(), true);
    after(m_run.charge(m_stage, nullptr), &napi_module::end_poll);
}

void napi_module::hand_list_up(const std::vector<sk_buff*>& list, bool is_list) {
    m_token.list = &list;
    m_token.is_list = is_list;
    forward(m_token, to_ip_receive, nullptr);
}

// IP is done with the list.
void napi_module::process(receive_token& /*token*/) {
    auto next = m_completing ? &napi_module::end_poll : &napi_module::poll;
    if (m_in_backlog) {
        m_backlog.end_packet(context());
        next = &napi_module::poll_backlog;
    } else if (m_devices[m_poll_list.front()].napi) {
        m_poll.list_done(context());
    } else {
        end_netif_receive(context());
    }
    after(m_run.charge(m_stage, nullptr), next);
}

void napi_module::end_poll() {
    m_continuation = &napi_module::end_poll;
    if (!synchronise()) return;
    m_polled = m_taken.size();
    m_softirq.reset();
    if (m_devices[m_poll_list.front()].napi) {
        m_poll.end_poll(context());
        m_softirq = m_poll.softirq();
    }
    end_softirq();
}

// net_rx_action() ends when nothing has come into the backlog meanwhile.
void napi_module::end_softirq() {
    if (m_softirq && !context().looped.empty()) return begin_backlog();
    if (m_softirq) context().trace.leave();
    end_run();
}

void napi_module::begin_backlog() {
    m_in_backlog = true;
    m_backlog.begin(context(), m_softirq);
    take_looped();
    after(m_run.charge(m_stage, nullptr), &napi_module::poll_backlog);
}

void napi_module::take_looped() {
    m_looped.swap(context().looped);
    context().looped.clear();
    m_next_looped = 0;
}

void napi_module::poll_backlog() {
    if (m_next_looped == m_looped.size()) take_looped();
    if (m_looped.empty()) {
        m_backlog.end(context());
        return end_softirq();
    }
    const auto& looped = m_looped[m_next_looped++];
    auto& skb = m_run.take(looped.frame, *looped.dev, m_run.cpu().now());
    skb_dst_set(skb, looped.dst);
    m_taken.push_back(&skb);
    m_backlog.begin_packet(context(), skb);
    m_single.assign(1, &skb);
    hand_list_up(m_single, false);
}

// Packets that came back while no softirq was open, under threaded NAPI or without NAPI, have one of their own.
void napi_module::end_run() {
    for (auto* skb : m_taken) m_run.finish(*skb);
    m_taken.clear();
    m_in_backlog = false;
    m_run.end();
    if (context().looped.empty()) return end_device();
    m_run.begin();
    m_softirq.reset();
    begin_backlog();
}

void napi_module::end_device() {
    const auto polled = m_poll_list.front();
    m_poll_list.pop_front();
    const bool weight_used_up = m_polled == m_spec.napi.weight;
    if (weight_used_up)
        m_poll_list.push_back(polled);
    else
        m_devices[polled].ring->enable_interrupt(sc_now());
    start_next_run();
}

}  // namespace rxpath
