// Scenario files for tests: written into a folder that goes away again.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/support/error.h"
#include "tests/support/temporary_folder.h"

namespace rxpath {

class scenario_folder : public testing::Test {
protected:
    scenario_folder() : m_folder(make_temporary_folder()) {}
    ~scenario_folder() override { std::filesystem::remove_all(m_folder); }

    std::string path(std::string_view name) const { return (m_folder / name).string(); }
    std::string write(std::string_view text, std::string_view name = "case.toml") const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    scenario load(std::string_view text) const { return load_scenario(write(text)); }

    // What is wrong with a scenario, without the folder's name; nothing when it is right.
    std::vector<std::string> errors_of(std::string_view text) const {
        try {
            load(text);
        } catch (const input_error& error) {
            return without_folder(error.messages());
        }
        return {};
    }
    std::vector<std::string> without_folder(std::vector<std::string> messages) const {
        for (auto& message : messages) {
            const auto folder = m_folder.string() + "/";
            for (auto at = message.find(folder); at != std::string::npos; at = message.find(folder)) {
                message.erase(at, folder.size());
            }
        }
        return messages;
    }

private:
    std::filesystem::path m_folder;
};

// A scenario without errors; tests add to it or break it.
constexpr std::string_view sound_scenario = R"(# One flow.
[run]
packets = 100
[[listen]]
tcp = "10.0.0.1:80"
[[flow]]
tcp = { from = "10.0.0.2:40000", to = "10.0.0.1:80" }
)";

}  // namespace rxpath
