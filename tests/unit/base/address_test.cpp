#include "models/base/address.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

TEST(Address, ReadsADottedQuad) { EXPECT_EQ(parse_ipv4_address("10.0.0.1")->value, 0x0a000001u); }

TEST(Address, RefusesWhatIsNoDottedQuad) {
    for (const auto* text : {"", "10.0.0", "10.0.0.256", "10.0.0.1.2", "10.0.0.x", "-1.0.0.0", "10.0.0.1 "})
        EXPECT_FALSE(parse_ipv4_address(text)) << text;
}

TEST(Address, PrintsWhatItReads) { EXPECT_EQ(parse_ipv4_address("203.0.113.9")->to_string(), "203.0.113.9"); }

TEST(Address, PrefixContainsItsAddressesOnly) {
    const auto prefix = *parse_ipv4_prefix("10.1.0.0/16");
    EXPECT_TRUE(prefix.contains(*parse_ipv4_address("10.1.255.255")));
    EXPECT_FALSE(prefix.contains(*parse_ipv4_address("10.2.0.0")));
}

TEST(Address, DefaultPrefixContainsEverything) {
    EXPECT_TRUE(parse_ipv4_prefix("default")->contains(*parse_ipv4_address("255.255.255.255")));
}

TEST(Address, RefusesAPrefixLongerThan32) { EXPECT_FALSE(parse_ipv4_prefix("10.0.0.0/33")); }

TEST(Address, EndpointNeedsAPort) {
    EXPECT_EQ(parse_endpoint("10.0.0.1:80")->port.value, 80);
    EXPECT_FALSE(parse_endpoint("10.0.0.1"));
    EXPECT_FALSE(parse_endpoint("10.0.0.1:65536"));
}

}  // namespace
}  // namespace rxpath
