#include "models/base/net_device.h"

#include <gtest/gtest.h>

#include <string>

namespace rxpath {
namespace {

TEST(DeviceName, IsWhatTheKernelRegisters) {
    for (const auto* name : {"eth0", "core0", "a", "fifteen-letters", "eth0.100", "napi", "%d", "...", "\xc3\xa9"})
        EXPECT_TRUE(dev_valid_name(name)) << name;
}

TEST(DeviceName, OthersAreRefused) {
    for (const std::string name :
         {"", "sixteen-letters-", ".", "..", "a/b", "a:b", "a b", "a\t", "\n", "a\xa0", "all", "default", "lo"})
        EXPECT_FALSE(dev_valid_name(name)) << name;
}

}  // namespace
}  // namespace rxpath
