#include "models/ip/ip_fragment.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/checksum.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/store_bytes.h"

namespace rxpath {

namespace {

constexpr std::uint32_t ipq_size = 200;                                                // sizeof(struct ipq), bytes
constexpr std::uint32_t most_bytes = 65535;                                            // of an IP datagram
constexpr std::uint8_t ce = 1 << 3, ect_0 = 1 << 2, ect_1 = 1 << 1, not_ect = 1 << 0;  // ip4_frag_ecn()

// ip_frag_ecn_table (RFC 3168 §5.3): packets that can carry a mark do not mix with packets that cannot.
bool ecn_valid(std::uint8_t seen) { return (seen & not_ect) == 0 || seen == not_ect; }
bool ecn_marked(std::uint8_t seen) { return (seen & ce) != 0 && (seen & (ect_0 | ect_1)) != 0; }

void drop(receive_context& context, std::uint64_t number, drop_reason reason) {
    context.drop(number, reason, fn::ip_defrag);
}

}  // namespace

std::uint64_t ip_fragments::timeout(receive_context& context) const {
    return jiffies(context.now) + static_cast<std::uint64_t>(m_sysctls.ipfrag_time) * hz;
}

// The datagram's queue, made when there is none; the end when memory is used up.
ip_fragments::queue_map::iterator ip_fragments::inet_frag_find(receive_context& context, const ipv4_header_view& ip) {
    if (m_memory > static_cast<std::uint64_t>(m_sysctls.ipfrag_high_thresh) || m_sysctls.ipfrag_high_thresh == 0)
        return m_queues.end();
    const key wanted{ip.saddr(), ip.daddr(), ip.id(), ip.protocol()};
    if (const auto found = m_queues.find(wanted); found != m_queues.end()) return found;
    if (m_free.empty()) {
        queue_map fresh;
        fresh.try_emplace(wanted);
        m_free.push_back(fresh.extract(fresh.begin()));
    }
    auto node = std::move(m_free.back());
    m_free.pop_back();
    node.key() = wanted;
    const auto queue = m_queues.insert(std::move(node)).position;
    auto& qp = queue->second;
    qp.expires = timeout(context);
    if (m_sysctls.ipfrag_max_dist != 0)
        qp.peer = &m_peers.get(ip.saddr(), static_cast<std::int64_t>(jiffies(context.now)));
    m_memory += ipq_size;
    return queue;
}

// Its fragments are parts of a datagram now, or gone with it.
void ip_fragments::settle(receive_context& context, const ipq& qp) {
    for (const auto& fragment : qp.q.fragments()) context.settle(fragment.number, drop_reason::CONSUMED);
}

void ip_fragments::kill(queue_map::iterator queue) {
    m_memory -= queue->second.q.truesize() + ipq_size;
    auto node = m_queues.extract(queue);
    auto fragments = std::move(node.mapped().q);
    fragments.clear();
    node.mapped() = {};
    node.mapped().q = std::move(fragments);
    m_free.push_back(std::move(node));
}

// ip_frag_too_far(): so many fragments of other datagrams came from this sender since that the identification may have
// come round.
bool ip_fragments::too_far(ipq& qp) const {
    const auto most = static_cast<std::uint32_t>(m_sysctls.ipfrag_max_dist);
    if (qp.peer == nullptr || most == 0) return false;
    const auto start = qp.rid;
    qp.rid = ++qp.peer->rid;
    return !qp.q.fragments().empty() && qp.rid - start > most;
}

void ip_fragments::reinit(receive_context& context, ipq& qp) {
    for (const auto& fragment : qp.q.fragments()) drop(context, fragment.number, drop_reason::FRAG_TOO_FAR);
    m_memory -= qp.q.truesize();
    qp.q.clear();
    qp.expires = timeout(context);
    qp.len = 0;
    qp.last_in = false;
    qp.ecn = 0;
}

ip_fragments::verdict ip_fragments::ip_frag_queue(receive_context& context, ipq& qp, sk_buff& skb) {
    if (too_far(qp)) reinit(context, qp);
    const auto ip = skb.ip_hdr();
    const std::uint32_t header = ip.ihl() * 4u;
    const std::uint32_t offset = (ip.frag_off() & ipv4_header_view::ip_offset) * 8u;
    std::uint32_t end = offset + skb.len - header;
    if ((ip.frag_off() & ipv4_header_view::ip_mf) == 0) {
        if (end < qp.len || (qp.last_in && end != qp.len)) return verdict::corrupt;
        qp.last_in = true;
        qp.len = end;
    } else {
        if (end % 8 != 0) {
            end -= end % 8;
            if (skb.ip_summed != ip_summed_state::unnecessary) skb.ip_summed = ip_summed_state::none;
        }
        if (end > qp.len) {
            if (qp.last_in) return verdict::corrupt;
            qp.len = end;
        }
    }
    if (end == offset) return verdict::corrupt;
    const bool may_not_fragment = (ip.frag_off() & ipv4_header_view::ip_df) != 0;
    const auto ecn = static_cast<std::uint8_t>(1u << (ip.tos() & 3u));
    skb.pull(header);
    skb.trim(end - offset);
    const auto inserted = qp.q.insert(skb, offset, end);
    if (inserted != frag_inserted::ok)
        return inserted == frag_inserted::duplicate ? verdict::duplicate : verdict::corrupt;
    m_memory += skb.truesize;
    qp.ecn |= ecn;
    qp.max_size = std::max(qp.max_size, skb.len + header);
    if (may_not_fragment) qp.max_df_size = std::max(qp.max_df_size, skb.len + header);
    const bool complete = qp.q.has_first() && qp.last_in && qp.q.meat() == qp.len;
    return complete ? verdict::complete : verdict::waits;
}

// False when the datagram cannot be put together; its fragments are then gone without a word.
bool ip_fragments::ip_frag_reasm(const ipq& qp, sk_buff& skb) const {
    if (!ecn_valid(qp.ecn)) return false;
    qp.q.reassemble(skb);
    if (skb.len > most_bytes) return false;
    auto* header = skb.head.data();
    store_be16(header + 2, skb.len);
    if (ecn_marked(qp.ecn)) header[1] |= 3;
    store_be16(header + 6, qp.max_df_size == qp.max_size ? std::uint32_t{ipv4_header_view::ip_df} : 0);
    store_be16(header + 10, 0);
    const auto sum = csum_fold(internet_sum(header, skb.transport_header));
    store_be16(header + 10, static_cast<std::uint16_t>(~sum));
    return true;
}

bool ip_fragments::ip_defrag(receive_context& context, sk_buff& skb) {
    context.trace.leaf(fn::ip_defrag);
    const auto queue = inet_frag_find(context, skb.ip_hdr());
    if (queue == m_queues.end()) {
        drop(context, skb.number, drop_reason::NOT_SPECIFIED);
        return false;
    }
    auto& qp = queue->second;
    const auto found = ip_frag_queue(context, qp, skb);
    const bool whole = found == verdict::complete && ip_frag_reasm(qp, skb);
    context.trace.reason([&] {
        if (qp.last_in) return fmt::format("{} of the datagram's {} bytes are here", qp.q.meat(), qp.len);
        return fmt::format("{} bytes of the datagram are here, the last fragment is not", qp.q.meat());
    });
    if (found == verdict::duplicate) drop(context, skb.number, drop_reason::DUP_FRAG);
    if (found == verdict::corrupt) drop(context, skb.number, drop_reason::NOT_SPECIFIED);
    skb.held = found == verdict::waits;
    if (found == verdict::corrupt || found == verdict::complete) {
        settle(context, qp);
        kill(queue);
    }
    return whole;
}

bool ip_fragments::expire(receive_context& context, sk_buff& first) {
    const auto now = jiffies(context.now);
    const auto queue =
        std::find_if(m_queues.begin(), m_queues.end(), [now](const auto& each) { return each.second.expires <= now; });
    if (queue == m_queues.end()) return false;
    first.head.clear();
    const auto& q = queue->second.q;
    if (q.has_first()) q.fill_first(first);
    for (const auto& fragment : q.fragments()) drop(context, fragment.number, drop_reason::FRAG_REASM_TIMEOUT);
    kill(queue);
    return true;
}

std::optional<picoseconds> ip_fragments::next_timer() const {
    const auto first = std::min_element(m_queues.begin(), m_queues.end(), [](const auto& a, const auto& b) {
        return a.second.expires < b.second.expires;
    });
    constexpr auto jiffy = picoseconds_per_second / hz;
    constexpr auto beyond_all_time = ~std::uint64_t{0} / jiffy;
    if (first == m_queues.end() || first->second.expires >= beyond_all_time) return {};
    return picoseconds{first->second.expires * jiffy};
}

}  // namespace rxpath
