#include "models/base/siphash.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

namespace rxpath {
namespace {

// The key and the messages of appendix A of the SipHash paper: bytes 0, 1, 2, ...
constexpr siphash_key paper_key{{0x0706050403020100, 0x0f0e0d0c0b0a0908}};

std::array<std::uint8_t, 64> counting_bytes() {
    std::array<std::uint8_t, 64> bytes{};
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    return bytes;
}

TEST(siphash, GivesThePapersVectors) {
    const auto bytes = counting_bytes();
    EXPECT_EQ(siphash(bytes.data(), 0, paper_key), 0x726fdb47dd0e0e31u);
    EXPECT_EQ(siphash(bytes.data(), 1, paper_key), 0x74f839c593dc67fdu);
    EXPECT_EQ(siphash(bytes.data(), 8, paper_key), 0x93f5f5799a932462u);
    EXPECT_EQ(siphash(bytes.data(), 15, paper_key), 0xa129ca6149be45e5u);
}

TEST(siphash, OneWordIsItsFourBytes) {
    const auto bytes = counting_bytes();
    EXPECT_EQ(siphash_1u32(0x03020100, paper_key), siphash(bytes.data(), 4, paper_key));
}

TEST(siphash, Hash64KeepsTheTopBitsOfTheProduct) {
    EXPECT_EQ(hash_64(1, 8), 0x61u);
    EXPECT_LT(hash_64(0xffffffffffffffff, 11), 2048u);
}

}  // namespace
}  // namespace rxpath
