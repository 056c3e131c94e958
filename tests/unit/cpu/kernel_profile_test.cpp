// kernel_profile: where a profile may come from, and what counts when it does not say everything.
#include "models/cpu/kernel_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/cpu/built_in_profile.h"
#include "tests/support/temporary_folder.h"

namespace rxpath {
namespace {

std::string refusal(const std::string& place) {
    try {
        kernel_profile::load(place);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

class kernel_profile_folder : public testing::Test {
protected:
    kernel_profile_folder() { write("all.csv", built_in_profile); }
    ~kernel_profile_folder() override { std::filesystem::remove_all(m_folder); }

    void write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name) << text;
    }
    kernel_profile load() const { return kernel_profile::load(m_folder.string()); }

    const std::filesystem::path m_folder = make_temporary_folder();
};

std::uint32_t lines_of_ip_rcv(const kernel_profile& profile) { return profile.code.of(fn::ip_rcv).lines; }

TEST(kernel_profile, MissingFileIsNamed) {
    EXPECT_EQ(refusal("no/such/profile.csv"), "no/such/profile.csv: no such file");
}

TEST(kernel_profile, ShippedProfileIsLoadedByItsName) {
    const kernel_profile built_in, mitigated = kernel_profile::load("linux-6.12-x86_64-mitigations");
    // A return goes through a thunk: three instructions more in a function that calls nothing by pointer.
    EXPECT_EQ(mitigated.costs.base(fn::__rcu_read_lock).instructions,
              built_in.costs.base(fn::__rcu_read_lock).instructions + 3);
}

TEST_F(kernel_profile_folder, CostsMayBeInSeveralFiles) {
    const std::string text = built_in_profile;
    const auto half = text.find('\n', text.size() / 2) + 1;
    write("all.csv", text.substr(0, half));
    write("more.csv", text.substr(half));
    write("notes.txt", "no profile");
    EXPECT_EQ(load().costs.rows().size(), cost_profile::built_in().rows().size());
}

TEST_F(kernel_profile_folder, WrongCostIsNamedWithItsFileAndItsLineThere) {
    write("b.csv", "# first line\nip_rcv,,one,1,1,measured\n");
    EXPECT_THAT(refusal(m_folder.string()), testing::HasSubstr("/b.csv:2: found 'one'"));
}

TEST_F(kernel_profile_folder, FileOfItMayBeNoDevice) {
    std::filesystem::create_symlink("/dev/zero", m_folder / "z.csv");
    EXPECT_THAT(refusal(m_folder.string()), testing::HasSubstr("z.csv: found a device"));
    EXPECT_THAT(refusal("/dev/zero"), testing::HasSubstr("/dev/zero: found a device"));
}

TEST_F(kernel_profile_folder, CodeIsTheBuiltInOneUnlessTheFolderHasSome) {
    EXPECT_EQ(lines_of_ip_rcv(load()), lines_of_ip_rcv({}));
    std::string code = built_in_code;
    const auto at = code.find("\nip_rcv,") + 1;
    write("memory/code.csv", code.replace(at, code.find('\n', at) - at, "ip_rcv,77,1,0,measured"));
    EXPECT_EQ(lines_of_ip_rcv(load()), 77u);
}

TEST_F(kernel_profile_folder, WrongCodeIsNamedWithFileAndLine) {
    write("memory/code.csv", "function,lines,returns,indirect_calls,source\nip_rcv,none,1,0,measured\n");
    EXPECT_THAT(refusal(m_folder.string()), testing::HasSubstr("memory/code.csv:2: found 'none'"));
}

TEST(kernel_profile, CoreHasItsFactor) {
    cpu_spec cpu;
    cpu.assumed_cost = 2;
    const auto base = cost_profile::built_in().base(fn::igmp_rcv);  // assumed
    EXPECT_EQ(kernel_profile::of(cpu).costs.base(fn::igmp_rcv).instructions, 2 * base.instructions);
    EXPECT_EQ(kernel_profile::of({}).costs.base(fn::igmp_rcv).instructions, base.instructions);
}

}  // namespace
}  // namespace rxpath
