#!/usr/bin/env python3
"""Fails when a file includes what its layer must not know.

The rules: models never includes sim; semantics never include SystemC; a stage never includes another stage's module; a
lower layer never includes a higher one; tests and tools are included by nobody.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#include\s+["<]([^">]+)[">]', re.M)
# A folder may include itself and what stands before it.
LAYERS = ["models/base", "models/cpu", "models/routing", "models/socket", "models/ip", "models/early_demux", "models/napi",
          "models/wire", "models/nic", "models/application", "models", "sim"]
# Plain data and state that every layer above base shares.
SHARED = {"models/base/host_spec.h", "models/base/measurements.h", "models/base/stage.h"}
NEEDS_NAMESPACE = {"models/ip", "models/early_demux"}
# inet_peer is state of the namespace, though its users are in ip.
NAMESPACE = "models/ip/network_namespace.h"
USES_SYSTEMC = re.compile(r"_module\.(h|cpp)$|^models/softirq/|^models/nic/rx_ring\.|^models/wire/wire_channel\."
                          r"|^models/machine/|^sim/replay/case_player")


def layer_of(path):
    """The innermost layer whose folder holds the file."""
    return max((layer for layer in LAYERS if path.startswith(layer + "/")), key=len, default=None)


def is_module(path):
    return re.search(r"_module\.(h|cpp)$", path) is not None


def complaints(path, included):
    """What is wrong with one include."""
    if included.startswith("systemc"):
        if not USES_SYSTEMC.search(path):
            yield "semantics never include SystemC"
        return
    layer, other = layer_of(path), layer_of(included)
    if other is None or included in SHARED:
        return
    if included.startswith(("tests/", "tools/")):
        yield "nobody includes tests or tools"
    if path.startswith("models/") and included.startswith("sim/"):
        yield "models never includes sim"
    if is_module(path):
        if is_module(included) and layer != other and "models" not in (layer, other):
            yield "a stage never includes another stage's module"
        return
    if included == NAMESPACE and layer in NEEDS_NAMESPACE:
        return
    if layer in LAYERS and LAYERS.index(other) > LAYERS.index(layer):
        yield f"{layer} is below {other}"


def main():
    root = pathlib.Path(sys.argv[1])
    wrong = []
    for path in sorted(root.glob("models/**/*.*")) + sorted(root.glob("sim/**/*.*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        name = path.relative_to(root).as_posix()
        for included in INCLUDE.findall(path.read_text()):
            wrong += [f"{name}: includes {included}: {why}" for why in complaints(name, included)]
    print("\n".join(wrong) if wrong else "layers hold")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
