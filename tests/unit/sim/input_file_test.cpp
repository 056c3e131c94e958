// What users name is read only when it ends, and is no larger than its kind can be.
#include "sim/support/input_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class InputFile : public scenario_folder {
protected:
    std::vector<std::string> errors_with(const std::string& file, std::uint64_t most = mebibytes(1)) const {
        try {
            read_input_file(file, most);
        } catch (const input_error& error) {
            return without_folder(error.messages());
        }
        return {};
    }
    static constexpr std::uint64_t mebibytes(std::uint64_t n) { return n << 20; }
};

TEST_F(InputFile, IsReadAsItIs) {
    const std::string text("a\0\r\nb", 5);
    EXPECT_EQ(read_input_file(write(text, "x"), 5), text);
}

TEST_F(InputFile, ThatIsNotThere) { EXPECT_THAT(errors_with(path("none")), ElementsAre("none: no such file")); }

TEST_F(InputFile, Folder) {
    std::filesystem::create_directory(path("folder"));
    EXPECT_THAT(errors_with(path("folder")), ElementsAre("folder: found a folder, allowed: a regular file"));
}

TEST_F(InputFile, DeviceThatNeverEnds) {
    EXPECT_THAT(errors_with("/dev/zero"), ElementsAre("/dev/zero: found a device, allowed: a regular file"));
}

TEST_F(InputFile, PipeThatNobodyWritesTo) {
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_THAT(errors_with(path("pipe")), ElementsAre("pipe: found a pipe, allowed: a regular file"));
}

TEST_F(InputFile, TooLargeIsKnownBeforeItIsRead) {
    std::filesystem::resize_file(write("", "large"), mebibytes(1) + 1);
    EXPECT_THAT(errors_with(path("large")),
                ElementsAre("large: found a file of more than 1 MiB, allowed: at most that"));
    std::filesystem::resize_file(path("large"), mebibytes(1));
    EXPECT_THAT(errors_with(path("large")), ElementsAre());
}

// Its size is 0 until it is read.
TEST_F(InputFile, ThatGrowsWhileItIsRead) {
    EXPECT_THAT(errors_with("/proc/self/maps", 64), ElementsAre(testing::HasSubstr("found a file of more than")));
}

}  // namespace
}  // namespace rxpath
