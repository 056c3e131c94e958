#!/usr/bin/env python3
"""Fails when a .def file reaches too many source files: each of them is compiled anew when a function or an object is added.

A quarter of all may know one. Who names functions includes the header of their layer, models/base/kernel_functions/ip.h.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^#(?:include|define RXPATH_LAYER_FILE) "([^"]+)"', re.M)
MOST = 0.25


def included_by(root):
    """{file: the project's files that it includes}."""
    files = [path for folder in ("models", "sim", "tests", "tools") for path in (root / folder).glob("**/*")
             if path.suffix in (".h", ".cpp", ".def", ".inc")]
    names = {path.relative_to(root).as_posix(): path for path in files}
    includes = {}
    for name, path in names.items():
        beside = name.rpartition("/")[0] + "/"
        found = INCLUDE.findall(path.read_text())
        includes[name] = {each if each in names else beside + each for each in found} & names.keys()
    return includes


def reach(includes, name):
    """All that a file includes, whatever the way."""
    seen, waiting = set(), [name]
    while waiting:
        new = includes[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def main():
    includes = included_by(pathlib.Path(sys.argv[1]))
    reached = [reach(includes, name) for name in includes if name.endswith(".cpp")]
    outgrown = False
    for definitions in sorted(name for name in includes if name.endswith(".def")):
        count = sum(definitions in each for each in reached)
        print(f"{definitions}: {count} of {len(reached)} source files")
        outgrown |= count == 0 or count > MOST * len(reached)
    sys.exit(outgrown)


if __name__ == "__main__":
    main()
