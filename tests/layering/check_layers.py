#!/usr/bin/env python3
"""Fails when a file includes what its layer must not know.

A layer includes itself and those before it. In models, the semantics of all stages come first, each in its folder; what
the stages of a core share is above them; modules and channels, which lie beside their stage's semantics, are above that; and
the machine, which binds them, is on top. Only these three know SystemC. A stage never includes another stage's module.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#include\s+["<]([^">]+)[">]', re.M)
MODELS = ["base", "cpu", "routing", "socket", "ip", "early_demux", "command", "napi", "wire", "nic", "application"]
SIM = ["support", "parameter", "result", "replay", "scenario", "report", "hardware", "study", "command"]
SHARED, MODULES, MACHINE = "models/softirq", "modules and channels", "models/machine"
LAYERS = [*(f"models/{folder}" for folder in MODELS), SHARED, MODULES, MACHINE, *(f"sim/{folder}" for folder in SIM), "sim"]
KNOW_SYSTEMC = {SHARED, MODULES, MACHINE}
STAGES = {"napi", "ip", "early_demux", "routing", "socket"}


def layer_of(name):
    """The file's layer; None for a file of neither models nor sim."""
    if re.search(r"^models/.*_(module|channel)\.(h|cpp)$", name) and not name.startswith((SHARED, MACHINE)):
        return MODULES
    if name.startswith("sim/") and name.count("/") == 1:
        return "sim"
    return next((folder for folder in LAYERS if "/" in folder and name.startswith(folder + "/")), None)


def folder_of(name):
    return name.split("/")[1]


def complaint(name, included):
    """What is wrong with one include; None when nothing is."""
    layer, other = layer_of(name), layer_of(included)
    if included.startswith(("tests/", "tools/")):
        return "nobody includes tests or tools"
    if included == "systemc" and layer not in KNOW_SYSTEMC:
        return f"{layer} never includes SystemC"
    if other is None:
        return None
    if LAYERS.index(other) > LAYERS.index(layer):
        return f"{layer} is below {other}"
    folders = {folder_of(name), folder_of(included)}
    if layer == other == MODULES and len(folders) == 2 and folders <= STAGES:
        return "a stage never includes another stage's module"
    return None


def complaints(root):
    for path in sorted([*root.glob("models/**/*"), *root.glob("sim/**/*")]):
        if path.suffix not in (".h", ".cpp"):
            continue
        name = path.relative_to(root).as_posix()
        if layer_of(name) is None:
            yield f"{name}: its folder is no layer"
            continue
        for included in INCLUDE.findall(path.read_text()):
            if wrong := complaint(name, included):
                yield f"{name}: includes {included}: {wrong}"


def main():
    wrong = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(wrong) if wrong else "layers hold")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
