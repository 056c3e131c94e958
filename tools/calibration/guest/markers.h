/* The guest stores to these addresses of its own memory; what the kernel does between the two is recorded. */
#pragma once

#define MARKER_PAGE 0x10000000ul
#define MARKER_BEGIN (MARKER_PAGE + 64)
#define MARKER_END (MARKER_PAGE + 128)
