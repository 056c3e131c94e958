// Runs work in processes of its own: SystemC allows one simulation a process.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace rxpath {

struct child_result {
    bool finished = false;  // text is what the task answered; otherwise why it did not
    std::string text;
};

using child_task = std::function<std::string()>;

// Runs the tasks, `jobs` (1 or more) at a time, each in a forked process; calls done(index, result) here as each ends.
// A task's exception is its result. No thread may run in this process.
void run_children(const std::vector<child_task>& tasks, std::size_t jobs,
                  const std::function<void(std::size_t, child_result)>& done);

}  // namespace rxpath
