#include "models/cpu/access_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "models/base/kernel_functions/ip.h"

namespace rxpath {
namespace {

constexpr std::string_view layout =
    "struct,member,offset,size\nsk_buff,next,0,8\nsk_buff,len,112,4\nsk_buff,data_len,116,4\n";

access_profile parse(const std::string& rows) {
    return access_profile::parse("function,step,object,member,access,source\n" + rows, "accesses.csv", layout,
                                 "layout.csv");
}

std::string refusal_of(const std::string& rows) {
    try {
        parse(rows);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

TEST(AccessProfile, MembersOfOneLineAreOneAccessWrittenIfOneIsWritten) {
    const auto profile = parse("ip_rcv_core,,sk_buff,len,R,assumed\nip_rcv_core,,sk_buff,data_len,W,assumed\n");
    const auto& base = profile.base(fn::ip_rcv_core);
    ASSERT_EQ(base.size(), 1u);
    EXPECT_TRUE(base[0].is_write);
    EXPECT_EQ(base[0].offset / cache_line_bytes, 1u);
}

TEST(AccessProfile, StepHasItsOwnAccesses) {
    const auto profile = parse("ip_rcv_core,trimmed,sk_buff,next+16,R,assumed\n");
    EXPECT_TRUE(profile.base(fn::ip_rcv_core).empty());
    const auto& step = profile.step(fn::ip_rcv_core, path::ip_rcv_core::trimmed);
    ASSERT_EQ(step.size(), 1u);
    EXPECT_EQ(step[0].offset, 16u);
}

TEST(AccessProfile, RefusalsNameTheLineAndWhatWasFound) {
    using testing::HasSubstr;
    EXPECT_THAT(refusal_of("ip_rcv_cor,,sk_buff,len,R,assumed\n"),
                HasSubstr("accesses.csv:2: found function 'ip_rcv_cor'"));
    EXPECT_THAT(refusal_of("ip_rcv_core,trim,sk_buff,len,R,assumed\n"), HasSubstr("found step 'trim'"));
    EXPECT_THAT(refusal_of("ip_rcv_core,,skb,len,R,assumed\n"), HasSubstr("found object 'skb'"));
    EXPECT_THAT(refusal_of("ip_rcv_core,,sk_buff,length,R,assumed\n"), HasSubstr("found member 'length' of sk_buff"));
    EXPECT_THAT(refusal_of("ip_rcv_core,,sk_buff,len,X,assumed\n"), HasSubstr("found access 'X'"));
    EXPECT_THAT(refusal_of("ip_rcv_core,,sk_buff,len,R,guessed\n"), HasSubstr("found source 'guessed'"));
    EXPECT_THAT(refusal_of("ip_rcv_core,,sk_buff,len+x,R,assumed\n"), HasSubstr("found 'x'"));
}

TEST(AccessProfile, LayoutSaysAMemberOnce) {
    EXPECT_THROW(access_profile::parse("", "accesses.csv", "sk_buff,len,112,4\nsk_buff,len,116,4\n", "layout.csv"),
                 std::invalid_argument);
}

}  // namespace
}  // namespace rxpath
