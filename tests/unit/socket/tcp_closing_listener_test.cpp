// What tcp_v4_rcv() does between the lookup and the socket's own state: a listener that closed meanwhile, filters, a
// socket that its owner holds, and checksums of packets around CHECKSUM_BREAK.
#include "models/base/checksum.h"
#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class tcp_v4_rcv_to_socket : public socket_fixture {
protected:
    void begin_handshake() {
        m_sockets.set_next_isn({server_isn});
        receive({tcphdr_syn, client_isn});
    }
    void third_packet() { receive({tcphdr_ack, client_isn + 1, server_isn + 1}); }
    static void fill_checksum(sk_buff& skb) {
        const auto ip = skb.ip_hdr();
        auto* bytes = skb.head.data() + skb.transport_header;
        bytes[16] = bytes[17] = 0;
        const auto sum =
            internet_sum(bytes, skb.len) + csum_tcpudp_nofold(ip.saddr(), ip.daddr(), skb.len, ipproto_tcp);
        put16(skb.head, skb.transport_header + 16, static_cast<std::uint16_t>(~csum_fold(sum)));
    }
    sk_buff unverified_data(std::uint32_t payload) {
        auto skb = tcp_skb({tcphdr_ack | tcphdr_psh, client_isn + 1, server_isn + 1, payload}, m_client, m_server);
        skb.ip_summed = ip_summed_state::none;
        fill_checksum(skb);
        return skb;
    }
};

// inet_csk_reqsk_queue_drop_and_put(), and the lookup again: nobody listens any more.
TEST_F(tcp_v4_rcv_to_socket, ThirdPacketToAListenerThatClosedIsReset) {
    begin_handshake();
    m_sockets.close(m_context, *m_listener);
    third_packet();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
    EXPECT_EQ(m_sockets.request_count(), 0u);
    EXPECT_EQ(m_sockets.connection_count(), 0u);
}

TEST_F(tcp_v4_rcv_to_socket, SynToAPortThatClosedIsResetToo) {
    begin_handshake();
    m_sockets.close(m_context, *m_listener);
    receive({tcphdr_syn, client_isn});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.request_count(), 0u);
}

TEST_F(tcp_v4_rcv_to_socket, ListenerThatTookThePlaceAnswersTheThirdPacketWithAReset) {
    begin_handshake();
    m_sockets.close(m_context, *m_listener);
    auto& successor = m_sockets.listen(m_server);
    third_packet();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_FLAGS));
    EXPECT_EQ(m_sockets.accept(successor), nullptr);
}

TEST_F(tcp_v4_rcv_to_socket, FilterOfTheListenerDropsTheThirdPacketWithItsReason) {
    begin_handshake();
    m_listener->sk_has_filter = true;
    const auto references = m_listener->skc_refcnt;
    third_packet();
    EXPECT_THAT(drops(), ElementsAre(drop_reason::SOCKET_FILTER));
    EXPECT_EQ(m_sockets.request_count(), 1u);
    EXPECT_EQ(m_listener->skc_refcnt, references);
}

TEST_F(tcp_v4_rcv_to_socket, FilteredPacketCountsAsADropAndGivesTheSocketBack) {
    auto& sk = connect();
    for (auto* filtered : {&sk, m_listener}) {
        filtered->sk_has_filter = true;
        const auto references = filtered->skc_refcnt;
        const auto before = filtered->sk_drops;
        receive(filtered == m_listener ? tcp_skb({tcphdr_syn, 1}, {m_client.address, {1}}, m_server)
                                       : tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, m_client, m_server));
        EXPECT_THAT(drops(), ElementsAre(drop_reason::SOCKET_FILTER));
        EXPECT_EQ(filtered->sk_drops, before + 1);
        EXPECT_EQ(filtered->skc_refcnt, references);
    }
}

TEST_F(tcp_v4_rcv_to_socket, SegmentsAreCountedAndThoseWithDataApart) {
    auto& sk = connect();
    const auto segments = sk.segs_in, data = sk.data_segs_in;
    receive_data(sk);
    receive({tcphdr_ack, sk.rcv_nxt.value, server_isn + 1});
    EXPECT_EQ(sk.segs_in, segments + 2);
    EXPECT_EQ(sk.data_segs_in, data + 1);
}

TEST_F(tcp_v4_rcv_to_socket, ListenerAndConnectionOfADeviceAreFoundThere) {
    auto& bound = m_sockets.listen({m_server.address, {81}}, nic0);
    m_sockets.set_next_isn({server_isn});
    receive(tcp_skb({tcphdr_syn, client_isn}, m_client, bound.local()));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    receive(tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, m_client, bound.local()));
    auto* sk = m_sockets.accept(bound);
    ASSERT_NE(sk, nullptr);
    EXPECT_EQ(sk->skc_bound_dev_if, nic0);
    receive(tcp_skb({tcphdr_ack | tcphdr_psh, client_isn + 1, server_isn + 1, 100}, m_client, bound.local()));
    EXPECT_EQ(sk->unread_bytes(), 100u);
    m_interface = nic1;
    receive(tcp_skb({tcphdr_ack | tcphdr_psh, client_isn + 101, server_isn + 1, 100}, m_client, bound.local()));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

// CHECKSUM_BREAK: 76 bytes of TCP are summed at once, one more when the data is used.
TEST_F(tcp_v4_rcv_to_socket, SeventySixBytesAreSummedAtOnceAndOneMoreLater) {
    connect();
    const auto summed_at_once = [&](std::uint32_t payload) {
        auto skb = unverified_data(payload);
        skb.head.back() ^= 1;
        receive(skb);
        EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_CSUM));
        return m_context.dropped[0].at == fn::tcp_v4_rcv;
    };
    EXPECT_TRUE(summed_at_once(56));
    EXPECT_FALSE(summed_at_once(57));
}

// tcp_add_backlog(): twice the receive buffer, half the send buffer and 64 KiB, for the backlog and the queue together.
class tcp_backlog : public tcp_v4_rcv_to_socket {
protected:
    tcp_backlog() {
        m_sk.sk_owned = true;
        m_limit = 2 * m_sk.sk_rcvbuf + 87040 / 2 + 64 * 1024;
    }
    std::vector<drop_reason> receive_owned() {
        receive({tcphdr_ack | tcphdr_psh, client_isn + 1, server_isn + 1, 100});
        return drops();
    }
    ~tcp_backlog() override {
        m_sk.sk_rmem_alloc = m_sk.sk_backlog_len = 0;
        m_sockets.release_sock(m_context, m_sk);
    }
    tcp_sock& m_sk = connect();
    std::uint32_t m_limit;
};

TEST_F(tcp_backlog, TakesOneMoreAtItsLimitAndNoneBeyond) {
    m_sk.sk_rmem_alloc = 1000;
    m_sk.sk_backlog_len = m_limit - 1000;
    EXPECT_THAT(receive_owned(), IsEmpty());
    EXPECT_THAT(receive_owned(), ElementsAre(drop_reason::SOCKET_BACKLOG));
    EXPECT_EQ(m_sk.sk_backlog.size(), 1u);
}

TEST_F(tcp_backlog, WrongChecksumDoesNotEnterIt) {
    auto skb = unverified_data(100);
    skb.head.back() ^= 1;
    receive(skb);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_CSUM));
    EXPECT_TRUE(m_sk.sk_backlog.empty());
}

// A packet in the backlog outlives the softirq's RCU section, so it holds its dst.
TEST_F(tcp_backlog, PacketInItHoldsItsDst) {
    const auto references = m_route->__rcuref.read();
    EXPECT_THAT(receive_owned(), IsEmpty());
    EXPECT_EQ(m_route->__rcuref.read(), references + 1);
}

}  // namespace
}  // namespace rxpath
