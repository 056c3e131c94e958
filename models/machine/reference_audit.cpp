#include "models/machine/reference_audit.h"

#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace rxpath {

namespace {

// The holders of each object, counted.
template <class Object>
using holders_of = std::unordered_map<const Object*, std::uint32_t>;

// Who can answer for a socket: an application, or the kernel until the connection has ended.
enum class owner : std::uint8_t { nobody, application, kernel };

class audit {
public:
    audit(network_namespace& net, const outside_holders& outside) : m_net(net), m_outside(outside) {}

    std::vector<std::string> run() {
        count_socket_holders();
        m_net.sockets.each_socket([this](const sock_common& sk) { look_at(sk); });
        count_dst_holders();
        m_net.routing.slab().each_in_use([this](const rtable& route) { look_at(route); });
        if (!m_outside.packets.empty() && !m_outside.in_softirq)
            m_found.push_back(fmt::format("{} sk_buffs are not free", m_outside.packets.size()));
        return std::move(m_found);
    }

private:
    void count_socket_holders() {
        for (const auto* sk : m_outside.open) hold(*sk, owner::application);
        for (const auto* skb : m_outside.packets)
            if (skb->sk != nullptr && skb->destructor == sock_edemux) hold(*skb->sk, owner::nobody);
        const auto& tables = m_net.sockets.hashinfo();
        tables.ehash.each([this](const sock_common& sk) { hold(sk, owner_of_hashed(sk)); });
        tables.lhash2.each([this](const tcp_sock& sk) { hold(sk, owner::nobody); });
        m_net.sockets.each_socket([this](const sock_common& sk) { count_held_by(sk); });
    }

    // What a socket holds of others: a listener its children, a request its listener, which may have closed meanwhile.
    void count_held_by(const sock_common& sk) {
        if (sk.skc_state == TCP_NEW_SYN_RECV)
            if (const auto* listener = static_cast<const request_sock&>(sk).rsk_listener)
                hold(*listener, owner::kernel);
        if (sk.skc_state == TCP_LISTEN)
            for (const auto* child : static_cast<const tcp_sock&>(sk).icsk_accept_queue.children)
                hold(*child, owner::kernel);
    }

    // The established table answers for what a timer or the peer ends.
    static owner owner_of_hashed(const sock_common& sk) {
        if (!sk_fullsock(sk)) return owner::kernel;
        const bool closing =
            sk.skc_state == TCP_FIN_WAIT1 || sk.skc_state == TCP_CLOSING || sk.skc_state == TCP_LAST_ACK;
        return closing ? owner::kernel : owner::nobody;
    }

    void hold(const sock_common& sk, owner by) {
        ++m_socket_holders[&sk];
        if (by != owner::nobody) m_owned.insert(&sk);
    }

    void look_at(const sock_common& sk) {
        const auto holders = m_socket_holders[&sk];
        const auto name =
            fmt::format("socket {} - {} {}", sk.local().to_string(), sk.peer().to_string(), to_string(sk.skc_state));
        if (sk.skc_refcnt != holders)
            m_found.push_back(fmt::format("{}: {} references, {} holders", name, sk.skc_refcnt, holders));
        else if (m_owned.count(&sk) == 0)
            m_found.push_back(name + ": nobody owns it");
    }

    void count_dst_holders() {
        m_net.sockets.each_socket([this](const sock_common& sk) {
            if (sk_fullsock(sk)) count_dsts_of(static_cast<const sock&>(sk));
        });
        for (const auto* dst : m_outside.looped) ++m_dst_holders[dst];
        for (const auto* skb : m_outside.packets) count_dst_of(*skb);
        m_net.routing.each_cached_route([this](const rtable& route) { ++m_dst_holders[&route.dst]; });
        m_net.routing.neighbours().each_waiting([this](const dst_entry& dst) { ++m_dst_holders[&dst]; });
    }

    void count_dsts_of(const sock& sk) {
        for (const auto* dst : {sk.sk_rx_dst, sk.sk_dst_cache})
            if (dst != nullptr) ++m_dst_holders[dst];
        for (const auto& skb : sk.sk_backlog) count_dst_of(skb);
    }

    void count_dst_of(const sk_buff& skb) {
        if (skb_dst(skb) != nullptr && !skb_dst_is_noref(skb)) ++m_dst_holders[skb_dst(skb)];
    }

    void look_at(const rtable& route) {
        const auto holders = m_dst_holders[&route.dst];
        const auto references = route.dst.__rcuref.read();
        if (references == holders) return;
        m_found.push_back(
            fmt::format("dst_entry {}: {} references, {} holders", dst_slab::place_of(route.dst), references, holders));
    }

    network_namespace& m_net;
    const outside_holders& m_outside;
    holders_of<sock_common> m_socket_holders;
    std::unordered_set<const sock_common*> m_owned;
    holders_of<dst_entry> m_dst_holders;
    std::vector<std::string> m_found;
};

}  // namespace

std::vector<std::string> unowned(network_namespace& net, const outside_holders& outside) {
    return audit{net, outside}.run();
}

}  // namespace rxpath
