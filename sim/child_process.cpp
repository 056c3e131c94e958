#include "sim/child_process.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace rxpath {

namespace {

constexpr char finished_mark = '+', failed_mark = '-';  // first byte of what a child writes

struct child {
    std::size_t index = 0;
    pid_t process = 0;
    int pipe = -1;
    std::string received;
};

void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const auto written = write(file, text.data(), text.size());
        if (written < 0) _exit(1);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

[[noreturn]] void run_child(const child_task& task, int pipe) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // who kills the study kills its runs
    try {
        write_all(pipe, finished_mark + task());
    } catch (const std::exception& error) {
        write_all(pipe, failed_mark + std::string(error.what()));
    }
    _exit(0);  // without the parent's buffers and destructors
}

child start(std::size_t index, const child_task& task) {
    int ends[2];
    if (pipe2(ends, 0) != 0) throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    std::fflush(nullptr);
    const auto process = fork();
    if (process < 0) throw std::runtime_error(std::string("no process: ") + std::strerror(errno));
    if (process == 0) {
        close(ends[0]);
        run_child(task, ends[1]);
    }
    close(ends[1]);
    return {index, process, ends[0], {}};
}

// False at the end.
bool receive(child& from) {
    char buffer[65536];
    const auto size = read(from.pipe, buffer, sizeof buffer);
    if (size > 0) from.received.append(buffer, static_cast<std::size_t>(size));
    return size > 0 || (size < 0 && errno == EINTR);
}

child_result finish(const child& ended) {
    close(ended.pipe);
    int status = 0;
    waitpid(ended.process, &status, 0);
    if (WIFSIGNALED(status)) return {false, std::string("stopped by signal ") + strsignal(WTERMSIG(status))};
    if (ended.received.empty()) return {false, "ended without a result"};
    return {ended.received[0] == finished_mark, ended.received.substr(1)};
}

// Waits until one of them has something, and takes it; answers those that ended.
std::vector<child> wait_for_some(std::vector<child>& running) {
    std::vector<pollfd> waiting;
    for (const auto& each : running) waiting.push_back({each.pipe, POLLIN, 0});
    poll(waiting.data(), waiting.size(), -1);
    std::vector<child> ended, left;
    for (std::size_t i = 0; i < running.size(); ++i) {
        const bool goes_on = waiting[i].revents == 0 || receive(running[i]);
        (goes_on ? left : ended).push_back(std::move(running[i]));
    }
    running = std::move(left);
    return ended;
}

}  // namespace

void run_children(const std::vector<child_task>& tasks, std::size_t jobs,
                  const std::function<void(std::size_t, child_result)>& done) {
    std::vector<child> running;
    std::size_t next = 0;
    while (next < tasks.size() || !running.empty()) {
        while (next < tasks.size() && running.size() < jobs) {
            running.push_back(start(next, tasks[next]));
            ++next;
        }
        for (const auto& ended : wait_for_some(running)) done(ended.index, finish(ended));
    }
}

}  // namespace rxpath
