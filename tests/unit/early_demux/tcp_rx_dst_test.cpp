// When tcp_v4_early_demux() reuses the socket's dst: the end of its branches.
#include "early_demux_fixture.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

using namespace path::tcp_v4_early_demux;
using testing::ElementsAre;

class tcp_early_demux_rx_dst : public early_demux_fixture {
protected:
    // The socket is found in all of these; only the dst is not taken.
    void expect_refused() {
        EXPECT_EQ(m_skb.sk, &m_sk);
        EXPECT_EQ(skb_dst(m_skb), nullptr);
        EXPECT_EQ(m_skb._skb_refdst, 0u);
    }
    void new_generation() { m_net.routing.rt_cache_flush(); }

    tcp_sock& m_sk = establish();
};

TEST_F(tcp_early_demux_rx_dst, HitSetsItWithoutAReference) {
    auto& dst = cache_dst(m_sk);
    EXPECT_EQ(demux_tcp(), early_demux_outcome::dst_reused);
    EXPECT_EQ(skb_dst(m_skb), &dst);
    EXPECT_EQ(m_skb._skb_refdst & skb_dst_noref, 1u);
    EXPECT_EQ(dst.__rcuref.read(), 1u);  // the socket's alone
    EXPECT_EQ(m_skb.sk, &m_sk);
    EXPECT_THAT(tcp_steps(), ElementsAre(lookup, socket_found, full_socket, dst_checked, interface_compared, dst_set));
}

TEST_F(tcp_early_demux_rx_dst, AbsentOneIsNoDst) {
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_rx_dst);
    expect_refused();
    EXPECT_THAT(tcp_steps(), ElementsAre(lookup, socket_found, full_socket));
}

TEST_F(tcp_early_demux_rx_dst, ObsoleteNoneIsValidUnchecked) {
    auto& dst = cache_dst(m_sk);
    dst.obsolete = dst_obsolete::none;
    new_generation();  // a check would refuse it
    EXPECT_EQ(demux_tcp(), early_demux_outcome::dst_reused);
    EXPECT_EQ(skb_dst(m_skb), &dst);
    EXPECT_EQ(calls_of(fn::ipv4_dst_check), 0u);
    EXPECT_THAT(tcp_steps(),
                ElementsAre(lookup, socket_found, full_socket, dst_not_checked, interface_compared, dst_set));
}

TEST_F(tcp_early_demux_rx_dst, ObsoleteForceChkOfThisGenerationIsCheckedAndValid) {
    auto& dst = cache_dst(m_sk);
    ASSERT_EQ(dst.obsolete, dst_obsolete::force_chk);
    EXPECT_EQ(demux_tcp(), early_demux_outcome::dst_reused);
    EXPECT_EQ(calls_of(fn::ipv4_dst_check), 1u);
}

TEST_F(tcp_early_demux_rx_dst, ObsoleteForceChkOfAnOldGenerationIsRefused) {
    cache_dst(m_sk);
    new_generation();
    EXPECT_EQ(demux_tcp(), early_demux_outcome::rx_dst_obsolete);
    expect_refused();
    EXPECT_THAT(tcp_steps(), ElementsAre(lookup, socket_found, full_socket, dst_checked));
}

TEST_F(tcp_early_demux_rx_dst, ObsoleteDeadIsRefusedInItsOwnGeneration) {
    cache_dst(m_sk).obsolete = dst_obsolete::dead;
    EXPECT_EQ(demux_tcp(), early_demux_outcome::rx_dst_obsolete);
    expect_refused();
    EXPECT_EQ(calls_of(fn::ipv4_dst_check), 1u);
}

TEST_F(tcp_early_demux_rx_dst, ObsoleteKillIsRefusedInItsOwnGeneration) {
    cache_dst(m_sk).obsolete = dst_obsolete::kill;
    EXPECT_EQ(demux_tcp(), early_demux_outcome::rx_dst_obsolete);
    expect_refused();
    EXPECT_EQ(calls_of(fn::ipv4_dst_check), 1u);
}

// The socket keeps a dst that is refused: tcp_rcv_established() replaces it, not early demux.
TEST_F(tcp_early_demux_rx_dst, RefusedOneStaysWithTheSocket) {
    auto& dst = cache_dst(m_sk);
    new_generation();
    demux_tcp();
    EXPECT_EQ(m_sk.sk_rx_dst, &dst);
    EXPECT_EQ(dst.__rcuref.read(), 1u);
}

TEST_F(tcp_early_demux_rx_dst, ValidOneOfAnotherInterfaceIsNotTaken) {
    cache_dst(m_sk);
    EXPECT_EQ(demux_tcp(tcp_packet(), nic1()), early_demux_outcome::other_interface);
    expect_refused();
    EXPECT_THAT(tcp_steps(), ElementsAre(lookup, socket_found, full_socket, dst_checked, interface_compared));
}

TEST_F(tcp_early_demux_rx_dst, InterfaceComparedIsTheOneNotedWithTheDst) {
    cache_dst(m_sk);
    m_sk.sk_rx_dst_ifindex = nic1().ifindex;
    EXPECT_EQ(demux_tcp(tcp_packet(), nic0()), early_demux_outcome::other_interface);
    EXPECT_EQ(demux_tcp(tcp_packet(), nic1()), early_demux_outcome::dst_reused);
}

// skb_iif is the device of arrival; skb.dev may be an upper one by now.
TEST_F(tcp_early_demux_rx_dst, InterfaceComparedIsTheOneOfArrival) {
    cache_dst(m_sk);
    take(tcp_packet(), 40, nic0());
    m_skb.skb_iif = nic1().ifindex;
    EXPECT_EQ(tcp_v4_early_demux(m_context, m_skb), early_demux_outcome::other_interface);
}

// dst_check() comes first: a dst that is dead and of another interface is dead.
TEST_F(tcp_early_demux_rx_dst, CheckComesBeforeTheInterface) {
    cache_dst(m_sk);
    new_generation();
    EXPECT_EQ(demux_tcp(tcp_packet(), nic1()), early_demux_outcome::rx_dst_obsolete);
}

}  // namespace
}  // namespace rxpath
