#!/usr/bin/env python3
"""Fails when the documentation names what is not there: files, commands, options, parameters, statistics.

usage: check_names.py ROOT RXPATH
"""
import json
import pathlib
import re
import subprocess
import sys

CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
PATH = re.compile(r"^(\./)?(models|sim|tests|tools|docs|scenarios)(/[\w.*-]+)*/?$")
PARAMETER = re.compile(r"^(run|cpu|nic|napi|routing|application|flow|wire)(\.[a-z0-9_]+)+$")
STATISTIC = re.compile(r"^(packets|drops|early_demux|route|latency|stage|tcp|core|rate|wire|wall)(\.[A-Za-z0-9_]+)+$")


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Names:
    """What the tree and the program know."""

    def __init__(self, root, program):
        self.root, self.program = root, program
        self.files = [path for path in root.rglob("*") if "build" not in path.relative_to(root).parts[:1]]
        self.file_names = {path.name for path in self.files}
        self.commands = set(re.findall(r"^(\w+)  ", output_of(program, "--help"), re.M))
        self.help = {name: output_of(program, name, "--help") for name in self.commands if name != "command"}
        self.parameters = set(re.findall(r"`([^`]+)`", output_of(program, "params", "--markdown")))
        scenario = root / "scenarios/established/cached_vs_full.toml"
        self.statistics = set(json.loads(output_of(program, "run", scenario, "--json"))["statistics"])

    def wrong_command(self, words):
        if words[1:2] and words[1] not in self.help and not words[1].startswith("-"):
            return f"rxpath has no command {words[1]}"
        known = self.help.get(words[1] if words[1:] else "", "")
        for word in words[2:]:
            if word.startswith("--") and word.split("=")[0] not in known:
                return f"rxpath {words[1]} has no option {word}"
            if PATH.match(word) and not (self.root / word).exists():
                return f"no file {word}"
        return None

    def wrong(self, text):
        """What is wrong with one piece of code in the documentation; None when nothing is."""
        words = text.split()
        if words[0].endswith("rxpath") and len(words) > 1:
            return self.wrong_command(words)
        if PATH.match(words[0]):
            path = words[0].removeprefix("./")
            return None if list(self.root.glob(path.rstrip("/"))) or path.startswith("build/") else f"no file {path}"
        if re.fullmatch(r"[\w-]+\.(h|cpp|py|md|toml|csv|def)", text):
            written = any(text in known for known in self.help.values())  # by the program
            return None if written or text in self.file_names else f"no file of that name: {text}"
        if text in self.parameters:
            return None
        if PARAMETER.match(text) and not STATISTIC.match(text):
            return f"no parameter {text}"
        if STATISTIC.match(text):
            beginning = any(name.startswith((text + ".", text + "_")) for name in self.statistics)
            return None if beginning or text in self.statistics else f"no statistic {text}"
        return None


def main():
    root, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    names = Names(root, program)
    complaints = []
    for page in [root / "README.md", root / "models/README.md", *sorted(root.glob("docs/**/*.md"))]:
        place, text = page.relative_to(root), page.read_text()
        for link in LINK.findall(text):
            if not (page.parent / link).exists():
                complaints.append(f"{place}: no file {link}")
        if page.name == "parameters.md":
            continue
        local = re.sub(r"```.*?```", "", text, flags=re.S)
        for code in CODE.findall(local):
            beside = page.parent / code.split()[0]
            why = None if beside.exists() else names.wrong(code)
            if why:
                complaints.append(f"{place}: `{code}`: {why}")
    if (root / "docs/parameters.md").read_text() != output_of(program, "params", "--markdown"):
        complaints.append("docs/parameters.md is old: write it anew with rxpath params --markdown")
    print("\n".join(complaints) or "all names in the documentation are there")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
