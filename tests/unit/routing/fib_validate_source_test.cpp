#include <cerrno>

#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

class fib_validate_source_test : public routing_fixture {
protected:
    fib_validate_source_test() {
        add_device("nic1");
        run("ip addr add 10.1.0.1/24 dev nic1");
        run("ip link set nic1 up");
    }
};

TEST_F(fib_validate_source_test, WithoutFilterASenderMayComeInAnywhere) {
    EXPECT_EQ(route("10.0.0.2", "10.0.0.1", "nic1"), 0);
    EXPECT_EQ(calls(fn::__fib_validate_source), 0u);
}

TEST_F(fib_validate_source_test, OwnAddressIsAMartian) { EXPECT_EQ(route("10.1.0.1", "10.0.0.1"), -EINVAL); }

TEST_F(fib_validate_source_test, OwnAddressIsAcceptedWithAcceptLocal) {
    run("sysctl net.ipv4.conf.nic0.accept_local=1");
    EXPECT_EQ(route("10.1.0.1", "10.0.0.1"), 0);
}

TEST_F(fib_validate_source_test, StrictFilterWantsTheDeviceOfTheWayBack) {
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    EXPECT_EQ(route("10.0.0.2", "10.0.0.1", "nic0"), 0);
    EXPECT_EQ(route("10.0.0.2", "10.0.0.1", "nic1"), -EXDEV);
}

TEST_F(fib_validate_source_test, DevicesFilterCountsWhenItIsStricterThanAll) {
    run("sysctl net.ipv4.conf.nic1.rp_filter=1");
    EXPECT_EQ(route("10.0.0.2", "10.0.0.1", "nic1"), -EXDEV);
}

TEST_F(fib_validate_source_test, LooseFilterWantsAnyWayBack) {
    run("sysctl net.ipv4.conf.all.rp_filter=2");
    EXPECT_EQ(route("10.0.0.2", "10.0.0.1", "nic1"), 0);
    run("ip route del default");
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1", "nic1"), -EXDEV);
}

TEST_F(fib_validate_source_test, MarkChoosesTheWayBackOnlyWithSrcValidMark) {
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    run("ip route add default via 10.1.0.2 table 100");
    run("ip rule add fwmark 7 table 100");
    m_mark = 7;
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1", "nic1"), -EXDEV);
    run("sysctl net.ipv4.conf.all.src_valid_mark=1");
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1", "nic1"), 0);
}

TEST_F(fib_validate_source_test, UnreachableSourceFailsTheFilterOnly) {
    run("ip route del default");
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1"), 0);
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1"), -EXDEV);
}

}  // namespace
}  // namespace rxpath
