#include "sim/support/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "sim/support/interruption.h"

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

// Who kills the study kills its runs.
void die_with(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
}

[[noreturn]] void run_child(const child_task& task, int pipe) {
    forget_signals();
    try {
        write_all(pipe, finished_mark + task());
    } catch (const std::exception& error) {
        write_all(pipe, failed_mark + std::string(error.what()));
    }
    _exit(0);  // without the parent's buffers and destructors
}

// Nothing when the system has no more processes or pipes; errno says why.
std::optional<child> start(std::size_t index, const child_task& task) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return {};
    std::fflush(nullptr);
    const auto parent = getpid();
    const auto process = fork();
    if (process == 0) {
        close(ends[0]);
        die_with(parent);
        run_child(task, ends[1]);
    }
    close(ends[1]);
    if (process > 0) return child{index, process, ends[0], {}};
    close(ends[0]);
    return {};
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
    if (WEXITSTATUS(status) != 0 || ended.received.empty()) return {false, "ended without a result"};
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
            auto started = start(next, tasks[next]);
            if (!started && !running.empty()) break;  // fewer at a time, then
            if (!started) throw std::runtime_error(std::string("no process: ") + std::strerror(errno));
            running.push_back(std::move(*started));
            ++next;
        }
        for (const auto& ended : wait_for_some(running)) done(ended.index, finish(ended));
    }
}

}  // namespace rxpath
