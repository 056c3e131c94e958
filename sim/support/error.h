// What is wrong with what the user gave: all of it in one go. main() prints it and exits with 2.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rxpath {

// One or more messages, a line each, each complete: where, what was found, what is allowed.
class input_error : public std::runtime_error {
public:
    explicit input_error(std::vector<std::string> messages)
        : std::runtime_error(messages.empty() ? "bad input" : messages.front()), m_messages(std::move(messages)) {}
    explicit input_error(std::string message) : input_error(std::vector<std::string>{std::move(message)}) {}

    const std::vector<std::string>& messages() const { return m_messages; }

private:
    std::vector<std::string> m_messages;
};

// Exit status of every command.
namespace exit_status {
constexpr int done = 0;
constexpr int expectation_failed = 1;
constexpr int bad_input = 2;
constexpr int incomplete = 3;
}  // namespace exit_status

}  // namespace rxpath
