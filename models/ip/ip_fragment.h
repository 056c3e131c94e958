// Reassembly of IPv4 datagrams (net/ipv4/ip_fragment.c): the queues of one namespace (struct fqdir) by source,
// destination, identification and protocol, ip_defrag() and the end of a queue whose time is over.
//
// Left out: users other than local delivery, L3 domains.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "models/base/receive_context.h"
#include "models/base/sysctl_ipv4.h"
#include "models/ip/inet_fragment.h"
#include "models/ip/inet_peer.h"

namespace rxpath {

class ip_fragments {
public:
    // Both must outlive this object.
    ip_fragments(const sysctl_ipv4& sysctls, inet_peers& peers) : m_sysctls(sysctls), m_peers(peers) {}

    // Takes a fragment. True when it completes its datagram: that is then in `skb`. Otherwise it waits here or was
    // dropped.
    bool ip_defrag(receive_context& context, sk_buff& skb);
    // Gives up a queue whose time is over; false when there is none. `first` becomes its first fragment, without bytes
    // when that never came.
    bool expire(receive_context& context, sk_buff& first);

    // When the next queue's time is over; nothing when none waits.
    std::optional<picoseconds> next_timer() const;

    std::size_t queue_count() const { return m_queues.size(); }
    std::uint64_t memory() const { return m_memory; }  // bytes

private:
    // struct ipq
    struct ipq {
        inet_frag_queue q;
        std::uint32_t len = 0;                        // of the datagram's payload, as far as it is known
        bool last_in = false;                         // INET_FRAG_LAST_IN
        std::uint8_t ecn = 0;                         // a bit for each ECN codepoint seen
        std::uint32_t max_size = 0, max_df_size = 0;  // of all fragments, of those that may not be fragmented
        inet_peer* peer = nullptr;
        std::uint32_t rid = 0;      // the peer's count of fragments when the last one came
        std::uint64_t expires = 0;  // jiffies
    };
    using key = std::tuple<ipv4_address, ipv4_address, std::uint16_t, std::uint8_t>;
    using queue_map = std::map<key, ipq>;
    enum class verdict : std::uint8_t { waits, complete, duplicate, corrupt };

    queue_map::iterator inet_frag_find(receive_context& context, const ipv4_header_view& ip);
    verdict ip_frag_queue(receive_context& context, ipq& qp, sk_buff& skb);
    static void settle(receive_context& context, const ipq& qp);
    void kill(queue_map::iterator queue);
    bool too_far(ipq& qp) const;
    void reinit(receive_context& context, ipq& qp);
    bool ip_frag_reasm(const ipq& qp, sk_buff& skb) const;
    std::uint64_t timeout(receive_context& context) const;

    const sysctl_ipv4& m_sysctls;
    inet_peers& m_peers;
    queue_map m_queues;
    std::vector<queue_map::node_type> m_free;  // of queues that are done, to be used again
    std::uint64_t m_memory = 0;
};

}  // namespace rxpath
