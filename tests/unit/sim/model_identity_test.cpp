#include "sim/study/model_identity.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

cpu_spec with_profile(const std::string& profile) {
    cpu_spec cpu;
    cpu.profile = profile;
    return cpu;
}

TEST(ModelIdentity, IsThatOfTheProfileWhateverItsName) {
    EXPECT_EQ(model_identity({}), model_identity(with_profile("linux-6.12-x86_64")));
    EXPECT_EQ(model_identity({}),
              model_identity(with_profile(RXPATH_SOURCE_DIR "/models/cpu/profiles/linux-6.12-x86_64")));
}

TEST(ModelIdentity, ChangesWithTheProfile) {
    EXPECT_NE(model_identity({}), model_identity(with_profile("linux-6.12-x86_64-mitigations")));
    cpu_spec dearer;
    dearer.assumed_cost = 2;
    EXPECT_NE(model_identity({}), model_identity(dearer));
}

TEST(ModelIdentity, ProfileThatIsNotThereIsRefused) {
    EXPECT_THROW(model_identity(with_profile("/nowhere/x.csv")), std::invalid_argument);
}

}  // namespace
}  // namespace rxpath
