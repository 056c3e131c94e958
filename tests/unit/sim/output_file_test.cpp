#include "sim/output_file.h"

#include <gtest/gtest.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

namespace fs = std::filesystem;

class OutputFile : public scenario_folder {
protected:
    std::size_t files_in_folder() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path("")), {}));
    }
};

TEST_F(OutputFile, AppearsWithTheCommit) {
    output_file file(path("a.txt"));
    file.write("text");
    EXPECT_FALSE(fs::exists(path("a.txt")));
    file.commit();
    EXPECT_EQ(fs::file_size(path("a.txt")), 4u);
    EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(OutputFile, WithoutACommitNothingIsLeftBehindAndTheOldFileStays) {
    write("old", "a.txt");
    { output_file(path("a.txt")).write("new text"); }
    EXPECT_EQ(fs::file_size(path("a.txt")), 3u);
    EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(OutputFile, PlaceThatCannotBeWrittenIsKnownAtOnce) {
    EXPECT_THROW(output_file(path("none/a.txt")), input_error);
    EXPECT_THROW(output_file(path("")), input_error);
}

TEST_F(OutputFile, FolderGoesAwayAgainUnlessKept) {
    { output_folder folder(path("out")); }
    EXPECT_FALSE(fs::exists(path("out")));
    { output_folder(path("out")).keep(); }
    EXPECT_TRUE(fs::exists(path("out")));
}

TEST_F(OutputFile, FolderInPlaceOfAFileIsRefused) {
    write("text", "a.txt");
    EXPECT_THROW(output_folder(path("a.txt")), input_error);
    EXPECT_THROW(output_folder(path("none/out")), input_error);
}

}  // namespace
}  // namespace rxpath
