#include "models/cpu/footprint.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"
#include "models/base/memory_objects.h"

namespace rxpath {
namespace {

const access_profile profile =
    access_profile::parse("ip_rcv_core,,sk_buff,len,R,assumed\nip_rcv_core,trimmed,sk_buff,next,W,assumed\n",
                          "accesses.csv", "sk_buff,next,0,8\nsk_buff,len,112,4\n", "layout.csv");

struct visit {
    std::uint32_t call;
    heap_address line;
    bool is_write;
    bool operator==(const visit& other) const {
        return call == other.call && line == other.line && is_write == other.is_write;
    }
};

class Footprint : public testing::Test {
protected:
    Footprint() { m_trace.keep_objects(true); }
    std::vector<visit> visits() {
        std::vector<visit> all;
        m_footprint.visit_new(m_trace, [&](auto call, const line_access& touched) {
            all.push_back({call, touched.line, touched.is_write});
        });
        return all;
    }

    call_trace m_trace;
    footprint m_footprint{profile};
};

const auto first = address_of(memory_object::sk_buff, 0), second = address_of(memory_object::sk_buff, 1);

TEST_F(Footprint, CallTouchesTheObjectThatIsWorkedOnWhenItBegins) {
    m_trace.works_on(memory_object::sk_buff, first);
    m_trace.leaf(fn::ip_rcv_core);
    m_trace.works_on(memory_object::sk_buff, second);
    m_trace.leaf(fn::ip_rcv_core);
    EXPECT_EQ(visits(), (std::vector<visit>{{0, first + 64, false}, {1, second + 64, false}}));
}

TEST_F(Footprint, StepTouchesTheObjectThatIsWorkedOnWhenItIsTaken) {
    m_trace.works_on(memory_object::sk_buff, first);
    kernel_call here{m_trace, fn::ip_rcv_core};
    m_trace.works_on(memory_object::sk_buff, second);
    here.took(path::ip_rcv_core::trimmed);
    EXPECT_EQ(visits(), (std::vector<visit>{{0, first + 64, false}, {0, second, true}}));
}

TEST_F(Footprint, NothingIsTouchedOfAnObjectThatNobodyNamed) {
    m_trace.leaf(fn::ip_rcv_core);
    EXPECT_TRUE(visits().empty());
}

TEST_F(Footprint, OnlyWhatIsNewIsVisited) {
    m_trace.works_on(memory_object::sk_buff, first);
    m_trace.leaf(fn::ip_rcv_core);
    EXPECT_EQ(visits().size(), 1u);
    EXPECT_TRUE(visits().empty());
    m_trace.leaf(fn::ip_rcv_core);
    EXPECT_EQ(visits(), (std::vector<visit>{{1, first + 64, false}}));
}

TEST_F(Footprint, StreamTouchesEveryLineThatAByteOfItIsOn) {
    kernel_call here{m_trace, fn::csum_partial};
    m_trace.streams(first + 60, 70);
    EXPECT_EQ(visits(), (std::vector<visit>{{0, first, false}, {0, first + 64, false}, {0, first + 128, false}}));
}

TEST_F(Footprint, TraceThatKeepsNoObjectsHasNoFootprint) {
    m_trace.keep_objects(false);
    m_trace.works_on(memory_object::sk_buff, first);
    m_trace.leaf(fn::ip_rcv_core);
    EXPECT_TRUE(visits().empty());
}

TEST(MemoryObject, ObjectsLieSideBySideInTheirSlab) {
    // ip_dst_cache: 192 bytes, 21 in a page of 4096, which leaves 64 bytes over.
    const auto address = [](std::uint64_t number) { return address_of(memory_object::dst_entry, number); };
    EXPECT_EQ(address(1) - address(0), 192u);
    EXPECT_EQ(address(21) - address(0), 4096u);
}

}  // namespace
}  // namespace rxpath
