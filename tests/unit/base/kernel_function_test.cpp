// The functions' numbers: by layer, in packet order, with room between the layers.
#include "models/base/kernel_function.h"

#include <gmock/gmock.h>

#include <set>

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

TEST(kernel_function, HasTheNameFileAndStepsOfItsDefinition) {
    const auto& ip_rcv = describe(fn::ip_rcv);
    EXPECT_EQ(ip_rcv.name, "ip_rcv");
    EXPECT_EQ(ip_rcv.file, "net/ipv4/ip_input.c");
    EXPECT_EQ(ip_rcv.step_count(), 2u);
    EXPECT_EQ(ip_rcv.step_name(path::ip_rcv::dropped), "dropped");
    EXPECT_EQ(path::ip_rcv::function_of(path::ip_rcv::dropped), fn::ip_rcv);
}

TEST(kernel_function, KindIsThatOfItsDefinition) {
    EXPECT_EQ(describe(fn::tcp_v4_early_demux).kind, function_kind::receive);
    EXPECT_EQ(describe(fn::__rcu_read_lock).kind, function_kind::helper);
}

TEST(kernel_function, NumbersGoByLayerInPacketOrder) {
    EXPECT_LT(fn::napi_gro_receive, fn::ip_rcv);
    EXPECT_LT(fn::ip_rcv, fn::tcp_v4_early_demux);
    EXPECT_LT(fn::tcp_v4_early_demux, fn::fib_table_lookup);
    EXPECT_LT(fn::fib_table_lookup, fn::tcp_v4_rcv);
    EXPECT_LT(fn::tcp_v4_rcv, fn::__rcu_read_lock);
}

TEST(kernel_function, EachHasItsOwnNameAndIsListedOnce) {
    std::set<std::string_view> names;
    for (const auto function : all_functions()) EXPECT_TRUE(names.insert(describe(function).name).second);
    EXPECT_EQ(names.count(""), 0u);
    std::size_t described = 0;
    for (std::size_t i = 0; i < function_count; ++i)
        described += !describe(static_cast<function_number>(i)).name.empty();
    EXPECT_EQ(names.size(), described);
}

}  // namespace
}  // namespace rxpath
