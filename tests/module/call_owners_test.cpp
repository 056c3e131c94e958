// Whose work a call was: a packet's own, or that of all that were worked on below it.
#include "models/softirq/call_owners.h"

#include <gmock/gmock.h>

#include <numeric>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class call_owners_test : public testing::Test {
protected:
    // Answers the index of the call.
    std::size_t call(function_number function, std::uint64_t packet) {
        m_trace.works_for(packet);
        return m_trace.enter(function);
    }
    std::size_t leaf(function_number function, std::uint64_t packet) {
        const auto index = call(function, packet);
        m_trace.leave();
        return index;
    }
    const call_owners::places& owners(std::size_t index, std::uint64_t first, std::size_t packets) {
        packet_numbers numbers(packets);
        std::iota(numbers.begin(), numbers.end(), first);
        return owners(index, numbers);
    }
    const call_owners::places& owners(std::size_t index, const packet_numbers& numbers) {
        m_owners.find(m_trace, numbers, numbers);
        return m_owners.of(index);
    }

    call_trace m_trace;
    call_owners m_owners;
};

TEST_F(call_owners_test, CallOfAPacketIsItsOwn) {
    leaf(fn::ip_rcv_core, 7);
    const auto second = leaf(fn::ip_rcv_core, 8);
    EXPECT_THAT(owners(second, 7, 2), ElementsAre(1));
}

// Another core took the packets between them.
TEST_F(call_owners_test, PacketsOfARunNeedNotFollowOneAnother) {
    const auto list = call(fn::ip_list_rcv, 0);
    leaf(fn::ip_rcv_core, 3);
    const auto second = leaf(fn::ip_rcv_core, 9);
    const auto of_another_run = leaf(fn::ip_rcv_core, 5);
    EXPECT_THAT(owners(second, {3, 9}), ElementsAre(1));
    EXPECT_THAT(owners(list, {3, 9}), ElementsAre(0, 1));
    EXPECT_THAT(owners(of_another_run, {3, 9}), ElementsAre(0, 1));  // as its caller
}

// The second was merged into the first, and the third was not.
TEST_F(call_owners_test, PacketsInOneSkBuffShareItsCalls) {
    const auto list = call(fn::ip_list_rcv, 0);
    const auto merged = leaf(fn::ip_rcv_core, 1);
    m_owners.find(m_trace, {1, 2, 3}, {1, 1, 3});
    EXPECT_THAT(m_owners.of(merged), ElementsAre(0, 1));
    EXPECT_THAT(m_owners.of(list), ElementsAre(0, 1));
}

TEST_F(call_owners_test, TaskIsSharedByThoseItWasDoneForWhateverItsCallsName) {
    const auto named = leaf(fn::ip_rcv_core, 4);
    m_owners.find(m_trace, {4, 7}, {});
    EXPECT_THAT(m_owners.of(named), ElementsAre(0, 1));
}

TEST_F(call_owners_test, CallForAllIsSharedByThoseBelowIt) {
    const auto list = call(fn::ip_list_rcv, 0);
    leaf(fn::ip_rcv_core, 2);
    leaf(fn::ip_rcv_core, 3);
    EXPECT_THAT(owners(list, 1, 4), ElementsAre(1, 2));
}

TEST_F(call_owners_test, CallForAllWithOnePacketBelowItIsThatPackets) {
    const auto list = call(fn::ip_list_rcv, 0);
    leaf(fn::ip_rcv_core, 3);
    leaf(fn::ip_rcv_core, 3);
    EXPECT_THAT(owners(list, 1, 4), ElementsAre(2));
}

TEST_F(call_owners_test, LockBelowACallForAllGoesWithIt) {
    call(fn::ip_list_rcv, 0);
    const auto lock = leaf(fn::__rcu_read_lock, 0);
    leaf(fn::ip_rcv_core, 2);
    leaf(fn::ip_rcv_core, 3);
    EXPECT_THAT(owners(lock, 1, 4), ElementsAre(1, 2));
}

// napi_gro_receive() of the packet that fills the list hands it up: what is below is the list's, the call is its own.
TEST_F(call_owners_test, ListBelowAPacketsCallIsTheListsAndTheCallThePackets) {
    const auto poll = call(fn::tun_napi_poll, 0);
    leaf(fn::napi_gro_receive, 1);
    const auto full = call(fn::napi_gro_receive, 2);
    const auto list = call(fn::netif_receive_skb_list_internal, 0);
    leaf(fn::__netif_receive_skb_core, 1);
    leaf(fn::__netif_receive_skb_core, 2);
    EXPECT_THAT(owners(full, 1, 2), ElementsAre(1));
    EXPECT_THAT(owners(list, 1, 2), ElementsAre(0, 1));
    EXPECT_THAT(owners(poll, 1, 2), ElementsAre(0, 1));
}

TEST_F(call_owners_test, CallWithNobodyBelowItIsEverybodys) {
    const auto poll = leaf(fn::net_rx_action, 0);
    EXPECT_THAT(owners(poll, 5, 3), ElementsAre(0, 1, 2));
}

TEST_F(call_owners_test, PacketOfAnotherRunOwnsNothingHere) {
    const auto call = leaf(fn::ip_rcv_core, 4);
    EXPECT_THAT(owners(call, 5, 2), ElementsAre(0, 1));
}

}  // namespace
}  // namespace rxpath
