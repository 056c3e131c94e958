#!/usr/bin/env python3
"""Reports the sizes of files and functions, and fails when one has outgrown its room.

A file holds about 100 lines, seldom over 400; a function about 10, seldom over 40 and never over 60. `seldom` is 2 % here.
"""
import pathlib
import statistics
import sys

from cpp_functions import functions

FILE_LIMIT, FUNCTION_LIMIT, SELDOM = 400, 40, 0.02
LONGEST_FUNCTION = 60


def report(kind, sizes, limit):
    """Prints the distribution; answers whether too many are over the limit."""
    over = sorted((entry for entry in sizes if entry[0] > limit), reverse=True)
    median = statistics.median(size for size, _ in sizes)
    print(f"{len(sizes)} {kind}: median {median:.0f} lines, {len(over)} over {limit}")
    for size, place in over:
        print(f"  {size:4} {place}")
    return len(over) > SELDOM * len(sizes)


def main():
    root = pathlib.Path(sys.argv[1])
    files, sizes = [], []
    for folder in ("models", "sim", "tests", "tools"):
        for path in sorted(root.glob(f"{folder}/**/*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            text, name = path.read_text(), path.relative_to(root).as_posix()
            files.append((text.count("\n"), name))
            sizes += [(size, f"{name}:{line}") for size, line in functions(text)]
    outgrown = report("files", files, FILE_LIMIT)
    outgrown |= report("functions", sizes, FUNCTION_LIMIT)
    sys.exit(outgrown or max(sizes)[0] > LONGEST_FUNCTION)


if __name__ == "__main__":
    main()
