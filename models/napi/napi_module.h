// The NAPI stage, and with it the softirq: woken by a NIC's interrupt, polls its ring, passes lists up, and ends the
// run. Semantics: napi_poll, and backlog_poll for what the host sends to itself meanwhile. Left out: a softirq that
// polls several NICs in one net_rx_action(): each NIC has a run of its own.
#pragma once

#include <deque>
#include <vector>

#include "models/napi/napi_poll.h"
#include "models/napi/process_backlog.h"
#include "models/nic/rx_ring.h"
#include "models/stage_module.h"

namespace rxpath {

// A NIC as its driver sees it.
struct napi_device {
    net_device* dev = nullptr;
    rx_ring* ring = nullptr;
    bool napi = true;       // false: each frame enters through netif_receive_skb()
    bool threaded = false;  // threaded NAPI: the poll is not in a softirq
};

class napi_module : public stage_module {
public:
    out_port to_ip_receive{"to_ip_receive"};

    napi_module(const sc_core::sc_module_name& name, softirq_run& run, const host_spec& spec,
                fast_dispatcher& dispatcher, measurements& result);

    // A NIC's ring and interrupt, before the simulation starts; `napi` as in nic_spec.
    void add_device(rx_ring& ring, bool napi);
    // The network device that device number `index` is known as.
    void connect(std::size_t index, net_device& dev) { m_devices[index].dev = &dev; }
    void set_threaded(std::size_t index) { m_devices[index].threaded = true; }

private:
    using continuation = void (napi_module::*)();

    void process(receive_token& token) override;
    void take_interrupt(std::size_t device);
    void start_next_run();
    void begin_run();
    void poll();
    void poll_napi(const received_frame& frame);
    void receive_single(const received_frame& frame);
    void complete();
    void end_poll();
    void end_softirq();
    void begin_backlog();
    void take_looped();
    void poll_backlog();
    void end_run();
    void end_device();
    void hand_list_up(const std::vector<sk_buff*>& list, bool is_list);
    void after(cycles worked, continuation next);
    bool synchronise();
    void resume();

    const host_spec& m_spec;
    fast_dispatcher& m_dispatcher;
    measurements& m_result;
    std::vector<napi_device> m_devices;
    std::deque<std::size_t> m_poll_list;  // devices whose interrupt came, oldest first; the front is being polled
    bool m_running = false;
    napi_poll m_poll;
    std::vector<sk_buff*> m_taken, m_single;
    std::size_t m_polled = 0;  // of these, from the ring
    backlog_poll m_backlog;
    std::vector<looped_packet> m_looped;  // in the backlog's poll
    std::size_t m_next_looped = 0;
    bool m_in_backlog = false;
    std::optional<std::uint32_t> m_softirq;  // the net_rx_action() that is open
    receive_token m_token;
    bool m_completing = false;
    continuation m_continuation = nullptr;
    std::function<void()> m_resume;
    sc_core::sc_event m_continue;
};

}  // namespace rxpath
