#!/usr/bin/env python3
"""Fails unless the fingerprint of the sources follows their content and names, and nothing else.

usage: fingerprint_test.py ROOT CMAKE
"""
import pathlib
import subprocess
import sys
import tempfile


def fingerprint(script, cmake, root):
    made = root / "made.cpp"
    subprocess.run([cmake, "-D", f"ROOT={root}", "-D", f"OUTPUT={made}", "-P", script], check=True)
    return made.read_text()


def tree(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def main():
    script, cmake = pathlib.Path(sys.argv[1]) / "cmake/fingerprint_sources.cmake", sys.argv[2]
    files = {"models/a.cpp": "int a;", "models/deep/b.csv": "1,2", "sim/c.h": "// c"}
    changes = {"content": {"models/a.cpp": "int b;"}, "data": {"models/deep/b.csv": "1,3"}, "name": {"sim/d.h": "// c"}}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        one, other = pathlib.Path(one), pathlib.Path(other)
        tree(one, files)
        tree(other, files | {"build/x.cpp": "made", "models/a.cpp~": "old"})
        first = fingerprint(script, cmake, one)
        assert fingerprint(script, cmake, other) == first, "the same sources elsewhere"
        for what, change in changes.items():
            tree(other, files | change)
            assert fingerprint(script, cmake, other) != first, what
            tree(other, files)
            for name in change.keys() - files.keys():
                (other / name).unlink()
        assert fingerprint(script, cmake, other) == first, "changed back"
    print("the fingerprint follows the sources")


if __name__ == "__main__":
    main()
