// The established table against a map, over random comings and goings of all kinds of sockets.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "models/socket/established_table.h"
#include "socket_fixture.h"

namespace rxpath {
namespace {

using connection = std::pair<endpoint, endpoint>;  // the own end, the peer's
using tuple = std::tuple<std::uint32_t, std::uint16_t, std::uint32_t, std::uint16_t>;

tuple tuple_of(const connection& c) {
    return {c.first.address.value, c.first.port.value, c.second.address.value, c.second.port.value};
}

// So few buckets that chains are long, and so few ends that connections come back.
class random_connections : public socket_fixture, public testing::WithParamInterface<std::uint64_t> {
protected:
    static constexpr std::size_t buckets = 16;

    connection any_connection() {
        const auto number = static_cast<std::uint32_t>(m_random() % 300);
        return {{{m_server.address.value + number % 2}, m_server.port},
                {{m_client.address.value + number % 10}, {static_cast<std::uint16_t>(1024 + number / 10)}}};
    }
    void name(sock_common& sk, const connection& c) {
        sk.skc_rcv_saddr = c.first.address;
        sk.skc_num = c.first.port;
        sk.skc_daddr = c.second.address;
        sk.skc_dport = c.second.port;
    }
    // A socket of any kind for the connection, not in the table yet.
    sock_common& make(const connection& c) {
        sock_common* sk = nullptr;
        switch (m_random() % 3) {
            case 0:
                sk = &m_some_sockets.alloc_tcp();
                sk->skc_state = TCP_ESTABLISHED;
                break;
            case 1:
                sk = &m_some_sockets.alloc_request();
                sk->skc_state = TCP_NEW_SYN_RECV;
                break;
            default:
                sk = &m_some_sockets.alloc_timewait();
                sk->skc_state = TCP_TIME_WAIT;
                break;
        }
        sock_hold(*sk);  // the test's
        name(*sk, c);
        return *sk;
    }
    sock_common* look_up(const connection& c) {
        m_trace.clear();
        auto* sk = __inet_lookup_established(m_context, m_hashinfo, *m_some_sockets.net(), c.second.address,
                                             c.second.port, c.first.address, c.first.port, nic0, 0);
        if (sk != nullptr) sock_put(m_context, *sk);
        return sk;
    }
    void add(const connection& c) {
        auto& slot = m_expected[tuple_of(c)];
        if (slot != nullptr) return;
        slot = &make(c);
        m_hashinfo.ehash.insert(*slot);
    }
    void remove(const connection& c) {
        const auto found = m_expected.find(tuple_of(c));
        if (found == m_expected.end()) return;
        m_hashinfo.ehash.remove(*found->second);
        EXPECT_FALSE(found->second->skc_hashed);
        m_hashinfo.ehash.remove(*found->second);  // not there any more: nothing happens
        m_expected.erase(found);
    }
    // As TIME_WAIT replaces its connection, and a connection its request.
    void replace(const connection& c) {
        const auto found = m_expected.find(tuple_of(c));
        if (found == m_expected.end()) return;
        const auto before = chain_of(found->second->skc_hash);
        auto& heir = make(c);
        m_hashinfo.ehash.replace(*found->second, heir);
        auto expected = before;
        std::replace(expected.begin(), expected.end(), std::exchange(found->second, &heir), &heir);
        EXPECT_EQ(chain_of(heir.skc_hash), expected) << "the heir has the place in the chain";
    }
    std::vector<sock_common*> chain_of(std::uint32_t hash) const {
        std::vector<sock_common*> chain;
        auto link = m_hashinfo.ehash.chain(m_hashinfo.ehash.slot(hash));
        for (; !link.is_a_nulls(); link = link.entry().skc_nulls_node) chain.push_back(&link.entry());
        EXPECT_EQ(link.nulls_value(), m_hashinfo.ehash.slot(hash));
        return chain;
    }
    void expect_consistent() const {
        std::size_t entries = 0;
        for (std::uint32_t slot = 0; slot < buckets; ++slot)
            for (const auto* sk : chain_of(slot)) {
                EXPECT_EQ(m_hashinfo.ehash.slot(sk->skc_hash), slot);
                EXPECT_TRUE(sk->skc_hashed);
                ++entries;
            }
        EXPECT_EQ(entries, m_expected.size());
        EXPECT_EQ(m_hashinfo.ehash.size(), m_expected.size());
    }

    random_source m_random{GetParam()};
    inet_hashinfo m_hashinfo{static_cast<std::uint32_t>(m_random()), buckets};
    inet_sockets m_some_sockets{namespace_at(m_identity), m_sysctls, m_hashinfo};
    std::map<tuple, sock_common*> m_expected;
};

TEST_P(random_connections, AreFoundWhereAMapHasThem) {
    for (int step = 0; step < 20'000; ++step) {
        const auto c = any_connection();
        switch (m_random() % 4) {
            case 0:
                add(c);
                break;
            case 1:
                remove(c);
                break;
            case 2:
                replace(c);
                break;
            default:
                break;
        }
        const auto asked = any_connection();
        const auto found = m_expected.find(tuple_of(asked));
        ASSERT_EQ(look_up(asked), found == m_expected.end() ? nullptr : found->second) << "step " << step;
        if (step % 500 == 0) expect_consistent();
    }
}

TEST_P(random_connections, HoldOneReferenceWhileTheyAreInTheTable) {
    std::map<sock_common*, std::uint32_t> before;
    for (int i = 0; i < 100; ++i) {
        const auto c = any_connection();
        if (m_expected.count(tuple_of(c)) != 0) continue;
        auto& sk = make(c);
        before[&sk] = sk.skc_refcnt;
        m_hashinfo.ehash.insert(sk);
        m_expected[tuple_of(c)] = &sk;
    }
    for (const auto& [sk, count] : before) EXPECT_EQ(sk->skc_refcnt, count + 1);
    for (const auto& [unused, sk] : m_expected) {
        look_up(any_connection());
        m_hashinfo.ehash.remove(*sk);
    }
    for (const auto& [sk, count] : before) EXPECT_EQ(sk->skc_refcnt, count);
}

INSTANTIATE_TEST_SUITE_P(Seeds, random_connections, testing::Range<std::uint64_t>(1, 6));

TEST(thash_entries, AreOneForEach128KibibytesOfMemory) {
    constexpr std::uint64_t gibibyte = 1 << 30;
    EXPECT_EQ(thash_entries_for(8 * gibibyte), 65536u);
    EXPECT_EQ(thash_entries_for(8 * gibibyte - (100 << 20)), 65536u);  // what the kernel itself takes is rounded away
    EXPECT_EQ(thash_entries_for(8 * gibibyte + (1 << 20)), 131072u);
    EXPECT_EQ(thash_entries_for(1 << 20), 512u);
    EXPECT_EQ(thash_entries_for(1024 * gibibyte), 524288u);
}

}  // namespace
}  // namespace rxpath
