// One NAPI instance at work: net_rx_action(), its poll, GRO and the lists it passes up (net/core/{dev,gro}.c, struct
// napi_struct). It runs in turns with the stages above: each method says whether a list is ready for IP, which then
// runs below the calls left open here, until list_done(). Left out: several instances in one softirq, busy polling,
// gro_flush_timeout.
#pragma once

#include <optional>
#include <vector>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

class napi_poll {
public:
    // `normal_batch`: net.core.gro_normal_batch, packets passed up as one list.
    explicit napi_poll(std::uint32_t normal_batch) : m_normal_batch(normal_batch) {}

    // Opens net_rx_action() and the driver's poll; threaded NAPI begins at __napi_poll().
    void begin(receive_context& context, const net_device& dev, bool threaded);
    // napi_gro_receive() of one packet. True when it filled the list: pass list() up, then call list_done().
    bool receive(receive_context& context, sk_buff& skb);
    // napi_complete_done(), or the end of a poll that used its weight up. True when list() has packets to pass up
    // first.
    bool complete(receive_context& context);
    // IP is done with the list.
    void list_done(receive_context& context);
    // Closes the driver's poll that begin() opened; the softirq stays open.
    void end_poll(receive_context& context);
    // The net_rx_action() that begin() opened; nothing in threaded NAPI.
    std::optional<std::uint32_t> softirq() const { return m_softirq_call; }

    const std::vector<sk_buff*>& list() const { return m_rx_list; }

private:
    void leave_complete_done(receive_context& context);
    void gro_normal_list(receive_context& context);

    std::uint32_t m_normal_batch;
    std::uint32_t m_poll_call = 0;
    std::optional<std::uint32_t> m_softirq_call;
    bool m_completing = false;  // in napi_complete_done()
    std::uint32_t m_received = 0;
    std::vector<sk_buff*> m_rx_list;   // napi_struct::rx_list
    std::vector<sk_buff*> m_gro_list;  // held packets, oldest first
};

}  // namespace rxpath
