// What a router does to a packet's options (ip_forward_options() in net/ipv4/ip_options.c).
#include "models/base/kernel_functions/ip.h"
#include "models/base/store_bytes.h"
#include "models/ip/ip_options.h"
#include "models/routing/ip_rt_get_source.h"
#include "models/routing/rtable.h"

namespace rxpath {

namespace {

namespace step = path::ip_forward_options;

class options_forwarder {
public:
    options_forwarder(receive_context& context, network_namespace& net, sk_buff& skb)
        : m_context(context), m_net(net), m_skb(skb), m_here(context.trace, fn::ip_forward_options) {}

    void run() {
        auto& found = m_skb.ip_cb;
        if (found.rr_needaddr) {
            m_here.took(step::route_recorded);
            record_source(option(found.rr), 5);
        }
        if (found.srr_is_hit) {
            m_here.took(step::source_routed);
            take_hop(option(found.srr));
            if (found.ts_needaddr) {
                m_here.took(step::time_recorded);
                record_source(option(found.ts), 9);
            }
        }
        if (!found.is_changed) return;
        m_here.took(step::checksum_renewed);
        found.is_changed = false;
        record_ip_send_check();
    }

private:
    std::uint8_t* option(std::uint8_t at) { return m_skb.head.data() + m_skb.network_header + at; }

    // The address that the packet leaves by, `back` bytes before where the option's pointer says, which counts from 1.
    void record_source(std::uint8_t* option, int back) { store_source(option + option[2] - back); }

    void store_source(std::uint8_t* at) {
        store_be32(at, ip_rt_get_source(m_context, m_net.routing, m_skb, *skb_rtable(m_skb)).value);
        m_skb.ip_cb.is_changed = true;
    }

    // The destination becomes the hop that routing chose, and this host's address takes its place in the option.
    void take_hop(std::uint8_t* option) {
        constexpr std::uint32_t daddr_offset = 16;
        unsigned next = option[2];
        const unsigned size = option[1];
        while (next + 3 <= size && load_be32(option + next - 1) != m_skb.ip_cb.nexthop.value) {
            m_here.took(step::hop_passed);
            next += 4;
        }
        if (next + 3 > size) return;
        store_be32(m_skb.head.data() + m_skb.network_header + daddr_offset, m_skb.ip_cb.nexthop.value);
        store_source(option + next - 1);
        option[2] = static_cast<std::uint8_t>(next + 4);
    }

    void record_ip_send_check() {
        kernel_call here{m_context.trace, fn::ip_send_check};
        here.took(path::ip_send_check::option_word, m_skb.ip_cb.optlen / 4u);
    }

    receive_context& m_context;
    network_namespace& m_net;
    sk_buff& m_skb;
    kernel_call m_here;
};

}  // namespace

void ip_forward_options(receive_context& context, network_namespace& net, sk_buff& skb) {
    options_forwarder{context, net, skb}.run();
}

}  // namespace rxpath
