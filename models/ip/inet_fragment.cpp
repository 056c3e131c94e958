#include "models/ip/inet_fragment.h"

#include <algorithm>

#include "models/base/skb_truesize.h"

namespace rxpath {

namespace {

constexpr std::size_t max_skb_frags = 17;  // MAX_SKB_FRAGS

void append(std::vector<std::uint8_t>& to, std::size_t at, const sk_buff& skb) {
    if (to.size() < at + skb.len) to.resize(at + skb.len);
    const auto known = skb.head.size() > skb.data ? skb.head.size() - skb.data : 0;
    std::copy_n(skb.head.begin() + skb.data, std::min<std::size_t>(known, skb.len),
                to.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

frag_inserted inet_frag_queue::insert(const sk_buff& skb, std::uint32_t offset, std::uint32_t end) {
    inet_fragment fragment;
    fragment.offset = offset;
    fragment.len = end - offset;
    fragment.run_end = end;
    fragment.truesize = skb.truesize;
    fragment.number = skb.number;
    if (m_fragments.empty() || m_fragments.back().offset + m_fragments.back().len < end) {
        const auto last_end = m_fragments.empty() ? 0 : m_fragments.back().offset + m_fragments.back().len;
        if (offset < last_end) return frag_inserted::overlap;
        const bool continues = !m_fragments.empty() && offset == last_end;
        if (continues) {
            m_fragments[m_last_run].run_end = end;
            fragment.run_end = 0;
        }
        add(skb, fragment, m_fragments.size());
        if (!continues) m_last_run = m_fragments.size() - 1;
        return frag_inserted::ok;
    }
    for (const auto& run : m_fragments) {
        if (run.run_end == 0 || end <= run.offset || offset >= run.run_end) continue;
        return offset >= run.offset && end <= run.run_end ? frag_inserted::duplicate : frag_inserted::overlap;
    }
    const auto next = std::find_if(m_fragments.begin(), m_fragments.end(),
                                   [offset](const inet_fragment& other) { return other.offset > offset; });
    add(skb, fragment, static_cast<std::size_t>(next - m_fragments.begin()));
    ++m_last_run;
    return frag_inserted::ok;
}

void inet_frag_queue::add(const sk_buff& skb, const inet_fragment& fragment, std::size_t before) {
    m_fragments.insert(m_fragments.begin() + static_cast<std::ptrdiff_t>(before), fragment);
    m_meat += fragment.len;
    m_truesize += fragment.truesize;
    m_all_verified &= skb.ip_summed == ip_summed_state::unnecessary;
    append(m_payload, fragment.offset, skb);
    if (fragment.offset != 0) return;
    m_header.assign(skb.head.begin() + skb.network_header, skb.head.begin() + skb.transport_header);
    m_first.pkt_type = skb.pkt_type;
    m_first.skb_iif = skb.skb_iif;
    m_first.dev = skb.dev;
    m_first.mark = skb.mark;
    m_first.ip_cb = skb.ip_cb;
    m_first.number = skb.number;
}

void inet_frag_queue::fill_first(sk_buff& skb) const {
    auto head = std::move(skb.head);
    head.assign(m_header.begin(), m_header.end());
    head.insert(head.end(), m_payload.begin(), m_payload.begin() + m_fragments.front().len);
    skb = m_first;
    skb.head = std::move(head);
    skb.transport_header = static_cast<std::uint32_t>(m_header.size());
    skb.len = skb.transport_header + m_fragments.front().len;
    skb.truesize = m_fragments.front().truesize;
}

// skb_try_coalesce(): a fragment's bytes are copied behind the head's, or its page becomes one of the head's; else it
// stays an sk_buff of its own on the frag_list.
void inet_frag_queue::coalesce(sk_buff& skb, const inet_fragment& fragment) const {
    const bool linear = skb.frags.empty() && skb.frag_list.empty();
    skb.len += fragment.len;
    if (linear && fragment.len <= skb_tailroom(skb.truesize, skb.headlen() - fragment.len)) return;
    skb.data_len += fragment.len;
    if (skb.frag_list.empty() && skb.frags.size() < max_skb_frags) {
        skb.frags.push_back(fragment.len);
        skb.truesize += fragment.truesize - sk_buff_size;
    } else {
        skb.frag_list.push_back(fragment.len);
        skb.truesize += fragment.truesize;
    }
}

void inet_frag_queue::reassemble(sk_buff& skb) const {
    auto head = std::move(skb.head);
    auto frags = std::move(skb.frags), frag_list = std::move(skb.frag_list);
    frags.clear();
    frag_list.clear();
    head.assign(m_header.begin(), m_header.end());
    head.insert(head.end(), m_payload.begin(), m_payload.end());
    skb.head = std::move(head);
    skb.frags = std::move(frags);
    skb.frag_list = std::move(frag_list);
    skb.pkt_type = m_first.pkt_type;
    skb.skb_iif = m_first.skb_iif;
    skb.mark = m_first.mark;
    skb.ip_cb = m_first.ip_cb;
    skb.ip_summed = m_all_verified ? ip_summed_state::unnecessary : ip_summed_state::none;
    skb.data = skb.network_header = skb.data_len = 0;
    skb.transport_header = static_cast<std::uint32_t>(m_header.size());
    skb.len = skb.transport_header + m_fragments.front().len;
    skb.truesize = m_fragments.front().truesize;
    for (auto next = m_fragments.begin() + 1; next != m_fragments.end(); ++next) coalesce(skb, *next);
}

void inet_frag_queue::clear() {
    m_fragments.clear();
    m_header.clear();
    m_payload.clear();
    m_first = {};
    m_last_run = 0;
    m_meat = m_truesize = 0;
    m_all_verified = true;
}

}  // namespace rxpath
