// The fragments of one datagram (struct inet_frag_queue, include/net/inet_frag.h, net/ipv4/inet_fragment.c): where each
// lies, which may not join (RFC 5722), and the sk_buff that they become.
//
// The kernel keeps an rbtree of runs, fragments that follow each other as they came; here they are in order of their
// offset, and each run keeps where it ends. Left out: fragments that a socket sends to itself (their memory is the
// sender's).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/sk_buff.h"

namespace rxpath {

// IPFRAG_*: what inet_frag_queue_insert() answers.
enum class frag_inserted : std::uint8_t { ok, duplicate, overlap };

// One fragment: `offset` bytes into the datagram's payload.
struct inet_fragment {
    std::uint32_t offset = 0, len = 0;
    std::uint32_t run_end = 0;   // of the run that this fragment begins; 0: it continues one
    std::uint32_t truesize = 0;  // bytes
    std::uint64_t number = 0;    // sk_buff::number
};

class inet_frag_queue {
public:
    // The payload of `skb`, which is `offset` to `end` of the datagram's. The first one's header becomes the
    // datagram's.
    frag_inserted insert(const sk_buff& skb, std::uint32_t offset, std::uint32_t end);
    // inet_frag_reasm_prepare() and _finish(): `skb`, the fragment that came last, becomes the whole datagram. It keeps
    // its dst, its device and its number. The IP header is still the first fragment's.
    void reassemble(sk_buff& skb) const;
    // The first fragment as it came; the queue must hold it.
    void fill_first(sk_buff& skb) const;
    // inet_frag_queue_flush(): as new, but allocations stay.
    void clear();

    const std::vector<inet_fragment>& fragments() const { return m_fragments; }
    std::uint32_t meat() const { return m_meat; }
    std::uint32_t truesize() const { return m_truesize; }
    bool has_first() const { return !m_fragments.empty() && m_fragments.front().offset == 0; }

private:
    void add(const sk_buff& skb, const inet_fragment& fragment, std::size_t before);
    void coalesce(sk_buff& skb, const inet_fragment& fragment) const;

    std::vector<inet_fragment> m_fragments;  // by offset
    std::size_t m_last_run = 0;              // index of the fragment that begins the last run
    std::vector<std::uint8_t> m_header;      // of the first fragment, options included
    std::vector<std::uint8_t> m_payload;     // of the datagram; what has not come is zero
    sk_buff m_first;                         // the first fragment without its bytes
    std::uint32_t m_meat = 0;                // bytes of payload that have come
    std::uint32_t m_truesize = 0;            // bytes of memory
    bool m_all_verified = true;              // every fragment is CHECKSUM_UNNECESSARY
};

}  // namespace rxpath
