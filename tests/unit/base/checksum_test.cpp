#include "models/base/checksum.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "models/base/kernel_functions/napi.h"

namespace rxpath {
namespace {

// The example of RFC 1071 §3: these four words sum to 2ddf0, folded ddf2.
TEST(Checksum, SumsTheExampleOfRfc1071) {
    const std::uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    EXPECT_EQ(csum_fold(internet_sum(bytes, sizeof bytes)), 0xddf2);
}

TEST(Checksum, OddLastByteIsTheHighByte) {
    const std::uint8_t odd[] = {0x01, 0x02, 0x03};
    const std::uint8_t padded[] = {0x01, 0x02, 0x03, 0x00};
    EXPECT_EQ(internet_sum(odd, sizeof odd), internet_sum(padded, sizeof padded));
}

struct counted_work {
    std::uint32_t bytes;
    std::uint32_t expected_each_80;
    bool expected_40, expected_tail;
};

std::uint32_t times(const call_trace& trace, path::csum_partial::step step) {
    std::uint32_t sum = 0;
    for (const auto& taken : trace.steps())
        if (taken.step == step) sum += taken.times;
    return sum;
}

// csum_partial() takes blocks of 80, one of 40, then the bits of what is left; exactly 40 left ends it.
TEST(Checksum, WorkFollowsTheKernelsBlocks) {
    using namespace path::csum_partial;
    for (const auto& [bytes, each_80, block_40, has_tail] : {counted_work{20, 0, false, true},
                                                             {40, 0, true, false},
                                                             {79, 0, true, true},
                                                             {80, 1, false, true},
                                                             {120, 1, true, false},
                                                             {1460, 18, false, true}}) {
        call_trace trace;
        random_source random;
        receive_context context{trace, random, {}};
        record_csum_partial(context, 0, bytes);
        EXPECT_EQ(times(trace, each_80_bytes), each_80) << bytes;
        EXPECT_EQ(times(trace, block_of_40_bytes), block_40 ? 1u : 0u) << bytes;
        EXPECT_EQ(times(trace, tail), has_tail ? 1u : 0u) << bytes;
    }
}

TEST(Checksum, BytesThatWereNotKeptCountAsZero) {
    sk_buff skb;
    skb.head = {0x12, 0x34};
    skb.len = 100;
    call_trace trace;
    random_source random;
    receive_context context{trace, random, {}};
    EXPECT_EQ(__skb_checksum(context, skb, 0, 100), 0x1234);
}

}  // namespace
}  // namespace rxpath
