#!/usr/bin/env python3
"""Runs tools/measure for a moment, and gives its file to rxpath validate.

usage: check_measure.py ROOT MEASURE_SAVING RXPATH

Exit status 77 where no network namespace or TAP device can be made: nothing was checked.
"""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

CONFIGURATIONS = ["flows=1", "rules=2,routes=50,rp_filter=1", "flows=3,payload=1448", "ack_only=1"]
NOT_CHECKED = 77


def may_measure():
    """Root, a network namespace and /dev/net/tun."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0:
        return False
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError:
        return False
    return True


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def check_measurement(measure, rxpath, folder):
    file = folder / "measured.csv"
    configured = [word for text in CONFIGURATIONS for word in ("--config", text)]
    done = run(measure, "-o", file, "--runs", "2", "--pairs", "4", *configured)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(file.open()))
    assert len(rows) == 2 * len(CONFIGURATIONS), rows
    assert [row["run"] for row in rows] == ["1"] * 4 + ["2"] * 4, rows
    assert (rows[1]["rules"], rows[1]["routes"], rows[2]["flows"], rows[3]["ack_only"]) == ("2", "50", "3", "1"), rows
    assert all(float(row["on_tsc"]) > 0 and float(row["tsc_per_core_cycle"]) > 0 for row in rows), rows
    validated = run(rxpath, "validate", file, "--json")
    assert validated.returncode in (0, 1), validated.stderr
    assert len(json.loads(validated.stdout)["rows"]) == len(CONFIGURATIONS), validated.stdout


def check_errors(measure, folder):
    file = folder / "wrong.csv"
    for words in (["--config", "flow=1"], ["--config", "flows=0"], ["--runs", "0"], ["--runs", "x"], ["--unknown"], ["more"]):
        done = run(measure, "-o", file, *words)
        assert done.returncode == 2 and done.stderr.startswith("tools/measure: "), (words, done)
    assert run(measure).returncode == 2, "without -o"
    assert run(measure, "-o", "/nowhere/x.csv").returncode == 2, "no such folder"
    assert list(folder.glob("wrong*")) == [], "half an output is left"


def main():
    root, program, rxpath = sys.argv[1:]
    if not may_measure():
        print("NOT CHECKED: no network namespace with a TAP device can be made here; it takes root", file=sys.stderr)
        sys.exit(NOT_CHECKED)
    os.environ["RXPATH_MEASURE"] = program
    measure = pathlib.Path(root, "tools/measure")
    with tempfile.TemporaryDirectory() as folder:
        check_errors(measure, pathlib.Path(folder))
        check_measurement(measure, rxpath, pathlib.Path(folder))


if __name__ == "__main__":
    main()
