// Runs the program as a user does, in a folder that goes away again.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "tests/support/temporary_folder.h"

namespace rxpath {

struct finished_program {
    int status = 0;
    std::string out, err;

    nlohmann::json json() const { return nlohmann::json::parse(out); }
};

class program_test : public testing::Test {
protected:
    program_test() : m_folder(make_temporary_folder()) {}
    ~program_test() override { std::filesystem::remove_all(m_folder); }

    std::string path(const std::string& name) const { return (m_folder / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    static std::string shipped(const std::string& name) { return RXPATH_SOURCE_DIR "/scenarios/" + name; }
    static std::string read(const std::string& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    std::size_t files_in(const std::string& name) const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path(name)), {}));
    }

    // `arguments` as in a shell.
    finished_program rxpath(const std::string& arguments) const { return shell(RXPATH_PROGRAM " " + arguments); }
    finished_program shell(const std::string& command) const {
        const auto out = path(".out"), err = path(".err");
        const int status = std::system((command + " >" + out + " 2>" + err).c_str());
        finished_program finished{WEXITSTATUS(status), read(out), read(err)};
        std::filesystem::remove(out);
        std::filesystem::remove(err);
        return finished;
    }

private:
    std::filesystem::path m_folder;
};

}  // namespace rxpath
