#!/usr/bin/env python3
"""Reports the sizes of files and functions, and fails when one has outgrown its room.

A file holds about 100 lines, seldom over 400; a function about 10, seldom over 40. `seldom` is 2 % here.
"""
import pathlib
import re
import statistics
import sys

FILE_LIMIT, FUNCTION_LIMIT, SELDOM = 400, 40, 0.02
# A function's definition: a line that is not a control statement and opens a block after a parameter list.
OPENS = re.compile(r"^\s*(?!.*\b(if|for|while|switch|catch|namespace|struct|class|enum|union|do|else)\b)[^=;]*\)[^;=]*\{\s*$")


def function_sizes(text):
    """Lines from each function's first line to its closing brace."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not OPENS.match(line):
            continue
        indent = len(line) - len(line.lstrip())
        closing = " " * indent + "}"
        for length, later in enumerate(lines[number + 1:], 2):
            if later.startswith(closing) and not later[len(closing):].strip(" ;,)"):
                yield length, number + 1
                break


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
    files, functions = [], []
    for folder in ("models", "sim", "tests", "tools"):
        for path in sorted(root.glob(f"{folder}/**/*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            text, name = path.read_text(), path.relative_to(root).as_posix()
            files.append((text.count("\n"), name))
            functions += [(size, f"{name}:{line}") for size, line in function_sizes(text)]
    outgrown = report("files", files, FILE_LIMIT)
    outgrown |= report("functions", functions, FUNCTION_LIMIT)
    sys.exit(outgrown)


if __name__ == "__main__":
    main()
