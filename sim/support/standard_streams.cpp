#include "sim/support/standard_streams.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sim/support/error.h"

namespace rxpath {

namespace {

bool is_open(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

}  // namespace

bool standard_streams_are_open() {
    const bool output = is_open(STDOUT_FILENO), error = is_open(STDERR_FILENO);
    if (error && !output) complain("could not complete: standard output is closed");
    if (!is_open(STDIN_FILENO)) open("/dev/null", O_RDONLY);  // lest another file becomes standard input
    return output && error;
}

void complain(std::string_view message) {
    const auto line = fmt::format("rxpath: {}\n", message);
    std::fwrite(line.data(), 1, line.size(), stderr);
}

int status_once_written(int status) {
    errno = 0;
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (!written) {
        const auto why = errno != 0 ? fmt::format(": {}", std::strerror(errno)) : "";
        complain("could not complete: not all could be written to standard output" + why);
    }
    return written && std::ferror(stderr) == 0 ? status : exit_status::incomplete;
}

}  // namespace rxpath
