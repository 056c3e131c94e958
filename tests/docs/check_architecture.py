#!/usr/bin/env python3
"""Fails when docs/architecture.md and the tree disagree: its table names every folder of models and sim, in the order of the
layers, and every name of a listener in its text is a class that listens."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "tests/layering"))
from check_layers import LAYERS, MODULES  # noqa: E402

TEXT = (ROOT / "docs/architecture.md").read_text()


def section(title):
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(title):
    """The names in the first column of the section's table."""
    return re.findall(r"^\| `([^`]+)` \|", section(title), re.M)


def listeners():
    """The classes that are told what a core does."""
    declared = set()
    for path in ROOT.glob("models/**/*.h"):
        declared |= set(re.findall(r"^class (\w+) : [^{]*\brun_observer\b", path.read_text(), re.M))
    return declared


def complaints():
    folders = sorted(path.relative_to(ROOT).as_posix() for top in ("models", "sim")
                     for path in (ROOT / top).iterdir() if path.is_dir())
    named = first_cells("Folders")
    if sorted(named) != folders:
        yield f"the folders are {folders}, the table names {sorted(named)}"
    layers = [layer for layer in LAYERS if layer not in (MODULES, "sim")]
    if named != layers:
        yield f"the layers are {layers}, the table's order is {named}"
    told = first_cells("What a core tells")
    if set(told) != listeners():
        yield f"listeners are {sorted(listeners())}, the table names {sorted(told)}"


def main():
    wrong = list(complaints())
    print("\n".join(wrong) if wrong else "architecture.md is as the tree is")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
