"""The running kernel in a network namespace of this process's own: takes a script's lines, answers as the model does.

Devices are TAPs that nobody sends to, so no traffic arises, and none could leave the namespace.
"""
import errno
import fcntl
import json
import os
import pathlib
import platform
import struct
import subprocess
import tempfile
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 0x0002, 0x1000
ERRNO_BY_TEXT = {os.strerror(number): number for number in errno.errorcode}
NOISE = ("rt_offload", "rt_trap", "rt_offload_failed", "rt_notify")  # flags about hardware, which stray bits may set


def release():
    return tuple(int(part) for part in platform.release().split(".")[:2])


class KernelHost:
    def __init__(self):
        self.taps = {}

    def answer(self, lines):
        """One answer a line: {} or {"refused": ...} for a command, the route or {"error": ERRNO} for a question."""
        answers, batch = [], []
        for line in lines:
            if line.startswith("ip "):
                batch.append(line[3:])
                if " carrier " in line:
                    answers += self.run_batch(batch)
                    batch = []
                    wait_for_carrier(*line.split()[3::2])
                continue
            answers += self.run_batch(batch)
            batch = []
            answers.append(self.run(line))
        return answers + self.run_batch(batch)

    def run(self, line):
        if line == "trie":
            return {"trie": pathlib.Path("/proc/self/net/fib_trie").read_text()}
        word, rest = line.split(" ", 1)
        if word == "device":
            return self.add_device(rest)
        key, value = rest.split("=")
        path = pathlib.Path("/proc/sys", key.replace(".", "/"))
        try:
            path.write_text(value)
        except OSError as error:
            return {"refused": str(error)}
        return {}

    def add_device(self, name):
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
        self.taps[name] = tap
        return {}

    def run_batch(self, commands):
        if not commands:
            return []
        with tempfile.NamedTemporaryFile("w", suffix=".batch") as file:
            file.write("\n".join(commands) + "\n")
            file.flush()
            done = subprocess.run(["ip", "-force", "-json", "-batch", file.name], capture_output=True, text=True)
        failed = self.failures(done.stderr)
        routes = iter(done.stdout.splitlines())
        answers = []
        for number, command in enumerate(commands, 1):
            question = command.startswith("route get")
            if number in failed:
                answers.append({"error": ERRNO_BY_TEXT.get(failed[number], failed[number])} if question
                               else {"refused": failed[number]})
            else:
                answers.append(plain(json.loads(next(routes))[0]) if question else {})
        return answers

    @staticmethod
    def failures(stderr):
        """Line number -> reason, from what `ip -force -batch` prints: a reason, then 'Command failed FILE:LINE'."""
        found, reason = {}, ""
        for line in stderr.splitlines():
            if line.startswith("Command failed"):
                found[int(line.rsplit(":", 1)[1])] = reason
                reason = ""
            elif line.startswith("RTNETLINK answers: "):
                reason = line.removeprefix("RTNETLINK answers: ")
            elif line.startswith("Error: "):
                reason = line
        return found


def wait_for_carrier(device, state):
    """A carrier that changed is noticed by a task of the kernel's, within a second or so."""
    for _ in range(500):
        link = json.loads(subprocess.run(["ip", "-json", "link", "show", device], capture_output=True, check=True).stdout)[0]
        if "UP" not in link["flags"] or (link["operstate"] == "DOWN") == (state == "off"):
            return
        time.sleep(0.01)
    raise TimeoutError(f"the kernel did not notice that {device} has its carrier {state}")


def plain(route):
    """A route without what says nothing about routing."""
    route.pop("uid", None)
    for hop in [route] + route.get("nexthops", []):
        hop["flags"] = sorted(flag for flag in hop.get("flags", []) if flag not in NOISE)
    return route
