#include "sim/support/interruption.h"

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <initializer_list>
#include <stdexcept>

namespace rxpath {

namespace {

constexpr auto heeded = {SIGINT, SIGTERM, SIGHUP};

// What a handler may read: fixed places, none of which a handler sees half written, because signals are held meanwhile.
constexpr std::size_t most_paths = 16, longest_path = 4096;
char paths[most_paths][longest_path];

void end_by_signal(int number) {
    for (auto place = most_paths; place-- > 0;) {
        if (paths[place][0] == '\0') continue;
        if (unlink(paths[place]) != 0) rmdir(paths[place]);
    }
    std::signal(number, SIG_DFL);
    raise(number);  // delivered when the handler returns
}

sigset_t heeded_set() {
    sigset_t set;
    sigemptyset(&set);
    for (const int each : heeded) sigaddset(&set, each);
    return set;
}

void on_signal(int number, void (*handler)(int)) {
    struct sigaction found = {};
    sigaction(number, nullptr, &found);
    if (found.sa_handler == SIG_IGN) return;
    struct sigaction wanted = {};
    wanted.sa_handler = handler;
    wanted.sa_mask = heeded_set();
    sigaction(number, &wanted, nullptr);
}

}  // namespace

void heed_signals() {
    for (const int each : heeded) on_signal(each, end_by_signal);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void forget_signals() {
    for (const int each : heeded) on_signal(each, SIG_DFL);
}

signals_held::signals_held() : m_before() {
    const auto set = heeded_set();
    sigprocmask(SIG_BLOCK, &set, &m_before);
}

signals_held::~signals_held() { sigprocmask(SIG_SETMASK, &m_before, nullptr); }

removed_on_signal::removed_on_signal(const std::string& path) {
    const signals_held whole;
    while (m_place < most_paths && paths[m_place][0] != '\0') ++m_place;
    if (m_place == most_paths || path.size() >= longest_path)
        throw std::runtime_error(path + ": too many files, or too long a name");
    std::memcpy(paths[m_place], path.c_str(), path.size() + 1);
}

removed_on_signal::~removed_on_signal() {
    const signals_held whole;
    paths[m_place][0] = '\0';
}

}  // namespace rxpath
