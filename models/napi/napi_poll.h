// One NAPI instance at work: its poll, GRO and the lists it passes up (net/core/{dev,gro}.c, struct napi_struct). It
// runs in turns with the stages above: each method says whether a list is ready for IP, which then runs below the calls
// left open here, until list_done(). Left out: busy polling, gro_flush_timeout.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

class napi_poll {
public:
    // `normal_batch`: net.core.gro_normal_batch, packets passed up as one list.
    explicit napi_poll(std::uint32_t normal_batch) : m_normal_batch(normal_batch) {}

    // Opens __napi_poll() and the driver's poll. `again`: the poll before has used its weight up.
    void begin(receive_context& context, const net_device& dev, bool again);
    // napi_gro_receive() of one packet. True when it filled the list: pass list() up, then call list_done().
    bool receive(receive_context& context, sk_buff& skb);
    // The end of a poll that found no more: napi_complete_done(). True when list() has packets to pass up first.
    bool complete(receive_context& context);
    // The end of a poll that used its weight up: the driver returns, __napi_poll() flushes; `more` frames wait. True
    // when list() has packets to pass up first.
    bool end_at_weight(receive_context& context, bool more);
    // IP is done with the list.
    void list_done(receive_context& context);
    // Closes what begin() opened.
    void end_poll(receive_context& context);

    const std::vector<sk_buff*>& list() const { return m_rx_list; }

private:
    enum class part : std::uint8_t { receiving, completing, at_weight };

    void leave_complete_done(receive_context& context);
    void napi_gro_flush(receive_context& context);

    std::uint32_t m_normal_batch;
    std::uint32_t m_napi_call = 0, m_poll_call = 0;
    part m_part = part::receiving;
    bool m_again = false;
    std::uint32_t m_received = 0;
    std::vector<sk_buff*> m_rx_list;   // napi_struct::rx_list
    std::vector<sk_buff*> m_gro_list;  // held packets, oldest first
};

}  // namespace rxpath
