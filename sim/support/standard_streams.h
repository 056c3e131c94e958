// Standard output and standard error may be closed, full, or a pipe that nobody reads: then nothing was done well.
#pragma once

#include <string_view>

namespace rxpath {

// False, and says so where it still can, when the program was started without one of them: a file would take its place.
bool standard_streams_are_open();

// "rxpath: MESSAGE" on standard error. Never throws.
void complain(std::string_view message);

// `status`, or that of a run that could not complete when not all of standard output or standard error was taken.
int status_once_written(int status);

}  // namespace rxpath
