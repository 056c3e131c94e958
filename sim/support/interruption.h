// The user stops the program: SIGINT, SIGTERM or SIGHUP. It ends by that signal, and leaves nothing half done behind.
#pragma once

#include <csignal>
#include <cstddef>
#include <string>

namespace rxpath {

// From now on these signals remove what removed_on_signal names, then end the program as they would have. A signal that
// is ignored (nohup) stays so. Writing to a pipe that nobody reads, or beyond a limit, becomes an error of the write.
void heed_signals();
// In a forked process: its parent's files are not its own to remove.
void forget_signals();

// While it lives, signals wait: for what must happen as a whole.
class signals_held {
public:
    signals_held();
    ~signals_held();
    signals_held(const signals_held&) = delete;
    signals_held& operator=(const signals_held&) = delete;

private:
    sigset_t m_before;
};

// While it lives, a signal removes this file or (empty) folder. Later ones go first, so a folder is named before what
// is in it. Throws std::runtime_error when there are too many, or the name is too long.
class removed_on_signal {
public:
    explicit removed_on_signal(const std::string& path);
    ~removed_on_signal();
    removed_on_signal(const removed_on_signal&) = delete;
    removed_on_signal& operator=(const removed_on_signal&) = delete;

private:
    std::size_t m_place = 0;
};

}  // namespace rxpath
