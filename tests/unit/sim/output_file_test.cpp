#include "sim/support/output_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "sim/support/output_folder.h"
#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

namespace fs = std::filesystem;

class OutputFile : public scenario_folder {
protected:
    std::size_t files_in_folder() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path("")), {}));
    }
    std::string read(const std::string& name) const {
        std::ifstream stream(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static void put(const std::string& place, const std::string& text) {
        output_file file(place);
        file.write(text);
        file.commit();
    }
};

TEST_F(OutputFile, AppearsWithTheCommit) {
    output_file file(path("a.txt"));
    file.write("text");
    EXPECT_FALSE(fs::exists(path("a.txt")));
    file.commit();
    EXPECT_EQ(read("a.txt"), "text");
    EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(OutputFile, WithoutACommitNothingIsLeftBehindAndTheOldFileStays) {
    write("old", "a.txt");
    { output_file(path("a.txt")).write("new text"); }
    EXPECT_EQ(read("a.txt"), "old");
    EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(OutputFile, PlaceThatCannotBeWrittenIsKnownAtOnce) {
    for (const auto& place : {path("none/a.txt"), path(std::string(300, 'x')), path("folder/"), std::string()})
        EXPECT_THROW(output_file{place}, input_error) << place;
    EXPECT_EQ(files_in_folder(), 0u);
}

TEST_F(OutputFile, TargetOfALinkIsWrittenAndTheLinkStays) {
    fs::create_directory(path("elsewhere"));
    write("old", "elsewhere/target");
    fs::create_symlink("elsewhere/target", path("link"));
    fs::create_symlink("elsewhere/later", path("dangling"));
    put(path("link"), "new");
    put(path("dangling"), "first");
    EXPECT_TRUE(fs::is_symlink(path("link")) && fs::is_symlink(path("dangling")));
    EXPECT_EQ(read("elsewhere/target"), "new");
    EXPECT_EQ(read("elsewhere/later"), "first");
}

TEST_F(OutputFile, LinksThatGoRoundAreRefused) {
    fs::create_symlink("b", path("a"));
    fs::create_symlink("a", path("b"));
    EXPECT_THROW(output_file(path("a")), input_error);
}

TEST_F(OutputFile, FileKeepsItsModeAndItsOwner) {
    write("old", "a.txt");
    ASSERT_EQ(chmod(path("a.txt").c_str(), 0640), 0);
    const bool is_root = geteuid() == 0;
    ASSERT_TRUE(!is_root || chown(path("a.txt").c_str(), 1234, 1235) == 0);
    struct stat before = {}, after = {};
    stat(path("a.txt").c_str(), &before);
    put(path("a.txt"), "new");
    stat(path("a.txt").c_str(), &after);
    EXPECT_EQ(after.st_mode, before.st_mode);
    EXPECT_EQ(after.st_uid, before.st_uid);
    EXPECT_EQ(after.st_gid, before.st_gid);
    EXPECT_EQ(read("a.txt"), "new");
}

TEST_F(OutputFile, DeviceStaysADevice) {
    put("/dev/null", "text");
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_THROW(put("/dev/full", "text"), std::runtime_error);
}

TEST_F(OutputFile, PipeIsWrittenThrough) {
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    std::string received;
    std::thread reader([&] { received = read("pipe"); });
    put(path("pipe"), "text");
    reader.join();
    EXPECT_EQ(received, "text");
    EXPECT_TRUE(fs::is_fifo(path("pipe")));
}

TEST_F(OutputFile, WhatADeadProcessLeftIsRemovedButNotWhatIsInWork) {
    const auto dead = fork();
    if (dead == 0) {
        output_folder folder(path("out"));
        folder.add("a.txt").write("text");
        raise(SIGKILL);
    }
    waitpid(dead, nullptr, 0);
    EXPECT_EQ(files_in_folder(), 1u);
    output_file living(path("b.txt"));
    EXPECT_EQ(files_in_folder(), 1u);
    output_file other(path("c.txt"));
    EXPECT_EQ(files_in_folder(), 2u);
}

class OutputFolder : public OutputFile {};

TEST_F(OutputFolder, AppearsWithAllItsFiles) {
    output_folder folder(path("out/"));
    folder.add("a").write("1");
    folder.add("b").write("2");
    EXPECT_FALSE(fs::exists(path("out")));
    folder.commit();
    EXPECT_EQ(read("out/a") + read("out/b"), "12");
    EXPECT_EQ(files_in_folder(), 1u);
}

TEST_F(OutputFolder, WithoutACommitThereIsNone) {
    { output_folder(path("out")).add("a").write("1"); }
    EXPECT_EQ(files_in_folder(), 0u);
}

TEST_F(OutputFolder, WhenOneFileCannotBeWrittenNoneChanges) {
    fs::create_directory(path("out"));
    write("old", "out/a");
    fs::create_symlink("/dev/full", path("out/b"));
    {
        output_folder folder(path("out"));
        folder.add("a").write("new");
        folder.add("b").write("new");
        EXPECT_THROW(folder.commit(), std::runtime_error);
    }
    EXPECT_EQ(read("out/a"), "old");
    EXPECT_TRUE(fs::is_symlink(path("out/b")));
}

TEST_F(OutputFolder, FilesOfOthersStay) {
    fs::create_directory(path("out"));
    write("mine", "out/mine");
    output_folder folder(path("out"));
    folder.add("a").write("1");
    folder.commit();
    EXPECT_EQ(read("out/mine") + read("out/a"), "mine1");
}

TEST_F(OutputFolder, InPlaceOfAFileIsRefused) {
    write("text", "a.txt");
    for (const auto& place : {path("a.txt"), path("none/out"), std::string("-"), std::string()})
        EXPECT_THROW(output_folder{place}, input_error) << place;
}

}  // namespace
}  // namespace rxpath
