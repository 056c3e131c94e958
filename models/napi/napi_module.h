// The NAPI stage, and with it the softirq: woken by NICs' interrupts, polls their rings, passes lists up, and ends the
// run. Semantics: softnet_data, napi_poll, and backlog_poll for what the host sends to itself meanwhile. A NIC whose
// polls are not in a softirq (threaded NAPI, a driver without NAPI) has runs of its own.
//
// A hard interrupt's cycles are charged when its NIC is taken over to be polled. Left out: that it interrupts the
// softirq.
#pragma once

#include <vector>

#include "models/base/growing_queue.h"
#include "models/napi/napi_poll.h"
#include "models/napi/process_backlog.h"
#include "models/napi/softnet_data.h"
#include "models/nic/rx_ring_channel.h"
#include "models/softirq/stage_module.h"

namespace rxpath {

// A NIC as its driver sees it.
struct napi_device {
    net_device* dev = nullptr;
    ring_poll_if* ring = nullptr;
    bool napi = true;       // false: each frame enters through netif_receive_skb()
    bool threaded = false;  // threaded NAPI: the poll is not in a softirq
    bool again = false;     // its last poll used its weight up
};

class napi_module : public stage_module {
public:
    out_port to_ip_receive{"to_ip_receive"};
    // The devices' rings.
    sc_core::sc_port<ring_poll_if, 0, sc_core::SC_ZERO_OR_MORE_BOUND> rings{"rings"};

    napi_module(const sc_core::sc_module_name& name, softirq_run& run, const host_spec& spec,
                fast_dispatcher& dispatcher, receive_buffers& buffers);

    // One more device to poll; `napi` as in nic_spec.
    void add_device(ring_poll_if& ring, bool napi);
    // The network device that device number `index` is known as.
    void connect(std::size_t index, net_device& dev) { m_devices[index].dev = &dev; }
    void set_threaded(std::size_t index) { m_devices[index].threaded = true; }

private:
    using continuation = void (napi_module::*)();

    // A NIC that waits for a run of its own.
    struct waiting {
        std::size_t device;
        picoseconds since;
        bool by_interrupt;
    };

    void end_of_elaboration() override;
    void process(receive_token& token) override;
    void take_interrupt(std::size_t device);
    void schedule(std::size_t device, picoseconds at, bool by_interrupt);
    void start_next_run(bool at_once);
    void enter();
    void enter_alone();
    void open_softirq();
    void next_poll();
    void open_poll(std::size_t instance);
    void poll();
    void poll_napi(const received_frame& frame);
    void receive_single(const received_frame& frame);
    void complete();
    void end_at_weight();
    void end_poll();
    void open_backlog();
    void poll_backlog();
    void end_backlog();
    void polled(std::size_t instance, std::size_t packets, bool weight_used_up);
    void schedule_backlog();
    void end_run();
    void take(const received_frame& frame);
    void hand_list_up(const std::vector<sk_buff*>& list, bool is_list);
    void interrupted(std::uint32_t times, continuation next);
    void after(cycles worked, continuation next);
    bool synchronise();
    void resume();
    bool in_softirq(std::size_t device) const { return m_devices[device].napi && !m_devices[device].threaded; }
    // The backlog's number among the instances: after the devices'.
    std::size_t backlog_instance() const { return m_devices.size(); }

    const host_spec& m_spec;
    fast_dispatcher& m_dispatcher;
    receive_buffers& m_buffers;
    std::vector<napi_device> m_devices;
    softnet_data m_softnet;
    growing_queue<waiting> m_alone;  // oldest first
    bool m_running = false;
    bool m_softirq_open = false;  // a net_rx_action()
    std::size_t m_polling = 0;    // the instance that is being polled
    picoseconds m_poll_began{};
    std::size_t m_polled = 0;  // packets of this poll
    bool m_poll_ends = false;  // it takes no more
    napi_poll m_poll;
    std::vector<sk_buff*> m_taken, m_single;
    backlog_poll m_backlog;
    bool m_backlog_scheduled = false;
    std::vector<looped_packet> m_looped;  // in the backlog's poll
    std::size_t m_next_looped = 0;
    receive_token m_token;
    continuation m_continuation = nullptr;
    std::function<void()> m_resume;
    sc_core::sc_event m_continue;
};

}  // namespace rxpath
