#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::HasSubstr;
using testing::Not;

class Explain : public program_test {
protected:
    std::string explained(const std::string& more) const {
        return rxpath("explain --packet 10 --set run.packets=20 " + shipped("established/cached_vs_full.toml") + more)
            .out;
    }
};

// A hit and a full lookup part where ip_rcv_finish_core() calls early demux or not, and so the route lookup or not.
TEST_F(Explain, HitAndFullLookupPartAtTheRoute) {
    const auto hit = explained(""), full = explained(" --set net.ipv4.tcp_early_demux=0");
    EXPECT_THAT(hit, HasSubstr("early demux: dst_reused; dst from: early_demux"));
    EXPECT_THAT(full, HasSubstr("early demux: protocol_off; dst from: nexthop_cache"));
    EXPECT_THAT(hit, HasSubstr(" tcp_v4_early_demux"));
    EXPECT_THAT(hit, Not(HasSubstr(" fib_table_lookup")));
    EXPECT_THAT(full, HasSubstr(" fib_table_lookup"));
    EXPECT_THAT(full, Not(HasSubstr(" tcp_v4_early_demux")));
    for (const auto& text : {hit, full}) EXPECT_THAT(text, HasSubstr(" tcp_rcv_established"));
}

TEST_F(Explain, DecisionsHaveReasons) { EXPECT_THAT(explained(""), HasSubstr(" > ")); }

}  // namespace
}  // namespace rxpath
