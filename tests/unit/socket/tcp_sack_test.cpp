#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class sack : public socket_fixture {
protected:
    static constexpr std::uint32_t first = client_isn + 1;

    // SYN with the options that allow SACK.
    tcp_sock& connect_with_sack() {
        segment syn{tcphdr_syn, client_isn};
        syn.options = {4, 2, 1, 1};
        return connect(syn);
    }
    void receive_at(std::uint32_t offset, std::uint32_t bytes = 100) {
        receive({tcphdr_ack | tcphdr_psh, first + offset, server_isn + 1, bytes});
    }
    // The blocks to report, as distances from the first byte.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> blocks() const {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
        for (std::size_t i = 0; i < m_sk.rx_opt.num_sacks; ++i)
            found.emplace_back(m_sk.selective_acks[i].start_seq.value - first,
                               m_sk.selective_acks[i].end_seq.value - first);
        return found;
    }
    using block = std::pair<std::uint32_t, std::uint32_t>;
    tcp_sock& m_sk = connect_with_sack();
};

TEST_F(sack, NewestBlockComesFirst) {
    receive_at(100);
    receive_at(300);
    receive_at(500);
    EXPECT_THAT(blocks(), ElementsAre(block{500, 600}, block{300, 400}, block{100, 200}));
}

TEST_F(sack, BlockThatGrowsComesFirst) {
    receive_at(100);
    receive_at(300);
    receive_at(200, 50);
    EXPECT_THAT(blocks(), ElementsAre(block{100, 250}, block{300, 400}));
}

TEST_F(sack, BlocksThatTouchBecomeOne) {
    receive_at(100);
    receive_at(300);
    receive_at(500);
    receive_at(200);
    EXPECT_THAT(blocks(), ElementsAre(block{100, 400}, block{500, 600}));
}

TEST_F(sack, FifthBlockDisplacesTheOldest) {
    for (std::uint32_t hole = 0; hole < 5; ++hole) receive_at(100 + 200 * hole);
    EXPECT_THAT(blocks(), ElementsAre(block{900, 1000}, block{700, 800}, block{500, 600}, block{300, 400}));
}

TEST_F(sack, FilledGapRemovesItsBlocks) {
    receive_at(100);
    receive_at(300);
    receive_at(0);
    EXPECT_THAT(blocks(), ElementsAre(block{300, 400}));
    receive_at(200);
    EXPECT_THAT(blocks(), IsEmpty());
}

TEST_F(sack, NoBlocksAreKeptForAPeerThatDoesNotReadThem) {
    m_sk.rx_opt.sack_ok = false;
    receive_at(100);
    EXPECT_EQ(m_sk.out_of_order_queue.size(), 1u);
    EXPECT_THAT(blocks(), IsEmpty());
}

// RFC 5961, 3.2: the peer that lost data resets at the end of what it has sent.
TEST_F(sack, ResetAtTheEndOfAllThatWasReceivedIsGenuine) {
    receive_at(100);
    receive_at(300);
    receive({tcphdr_rst, first + 200});
    EXPECT_EQ(m_sk.skc_state, TCP_ESTABLISHED);
    receive({tcphdr_rst, first + 400});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE);
}

// The first quick ACKs aside, three duplicates go out at once; then one timer stands for all.
TEST_F(sack, ReportsOfAHoleAreCompressedFromTheFourthOn) {
    m_sk.icsk_ack.quick = 0;
    receive_at(100);
    for (std::uint32_t n = 2; n <= 3; ++n) {
        receive_at(100 * n);
        EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
        m_sk.icsk_ack.quick = 0;
    }
    receive_at(400);
    EXPECT_THAT(sends(), IsEmpty());
    m_sockets.run_timers(m_context, m_context.now + milliseconds(1));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sk.compressed_ack.waiting, 0);
}

}  // namespace
}  // namespace rxpath
