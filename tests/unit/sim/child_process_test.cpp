#include "sim/support/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <map>
#include <stdexcept>

namespace rxpath {
namespace {

std::map<std::size_t, child_result> results_of(const std::vector<child_task>& tasks, std::size_t jobs) {
    std::map<std::size_t, child_result> results;
    run_children(tasks, jobs, [&](std::size_t index, child_result result) { results[index] = std::move(result); });
    return results;
}

TEST(Children, AnswersComeWithTheirIndex) {
    auto results = results_of({[] { return "a"; }, [] { return "b"; }, [] { return "c"; }}, 2);
    ASSERT_EQ(results.size(), 3u);
    EXPECT_EQ(results[0].text, "a");
    EXPECT_EQ(results[2].text, "c");
    EXPECT_TRUE(results[1].finished);
}

TEST(Children, AnswerLongerThanAPipeArrivesWhole) {
    const std::string text(1'000'000, 'x');
    EXPECT_EQ(results_of({[&] { return text; }}, 1)[0].text, text);
}

TEST(Children, ExceptionIsTheResult) {
    const auto result = results_of({[]() -> std::string { throw std::runtime_error("why"); }}, 1)[0];
    EXPECT_FALSE(result.finished);
    EXPECT_EQ(result.text, "why");
}

TEST(Children, SignalIsTheResult) {
    const auto result = results_of({[] {
                                       raise(SIGKILL);
                                       return "";
                                   }},
                                   1)[0];
    EXPECT_FALSE(result.finished);
    EXPECT_NE(result.text.find("signal"), std::string::npos);
}

TEST(Children, WhatEndsBeforeItsWholeAnswerHasNone) {
    const auto result = results_of({[]() -> std::string { _exit(1); }}, 1)[0];
    EXPECT_FALSE(result.finished);
    EXPECT_EQ(result.text, "ended without a result");
}

TEST(Children, EachHasAProcessOfItsOwn) {
    const auto process = [] { return std::to_string(getpid()); };
    auto results = results_of({process, process}, 2);
    EXPECT_NE(results[0].text, results[1].text);
    EXPECT_NE(results[0].text, std::to_string(getpid()));
}

}  // namespace
}  // namespace rxpath
