"""What the guest said and the plugin wrote, made into cases in the format of tests/conformance/data."""
import copy
import dataclasses
import hashlib
import json
import re

import plan

ROOTS = ("net_rx_action", "netif_receive_skb")
POLL, RECEIVED = "__napi_poll", "napi_gro_receive"
# Another thing ran in between: the packet is not compared.
INTERRUPTION = re.compile(r"(asm_)?sysvec_|asm_common_interrupt|irq_exit|__schedule$|rcu_core|run_timer|update_process_times|asm_exc_")
REASON = re.compile(r"location=(\S+?)\+.* reason: (\S+)")


@dataclasses.dataclass
class Row:
    """A call: its own instructions, loads and stores; data lines first touched; lines of code that it ran itself; its own
    returns, and calls and jumps through pointers."""
    depth: int
    function: str
    instructions: int
    loads: int
    stores: int
    data_lines: int
    code_lines: int
    returns: int = 0
    indirect_calls: int = 0

    def compared(self):
        return [self.depth, self.function, self.instructions, self.loads, self.stores]


@dataclasses.dataclass
class Tree:
    rows: list
    accesses: list  # (row, instruction, R or W, size, address)

    def below(self, index):
        """The call at index with all it calls, at depth 0; the accesses are those of these rows."""
        end = index + 1
        while end < len(self.rows) and self.rows[end].depth > self.rows[index].depth:
            end += 1
        rows = [dataclasses.replace(row, depth=row.depth - self.rows[index].depth) for row in self.rows[index:end]]
        accesses = [(row - index, *rest) for row, *rest in self.accesses if index <= row < end]
        return Tree(rows, accesses)

    def received(self):
        """What receiving one packet called."""
        for index, row in enumerate(self.rows):
            if row.function in ROOTS:
                return self.below(index)
        return Tree([], [])

    def polled(self):
        """The first poll that received anything."""
        for index, row in enumerate(self.rows):
            found = self.below(index) if row.function == POLL else None
            if found and any(one.function == RECEIVED for one in found.rows):
                return found
        return Tree([], [])

    def interrupted(self):
        return any(INTERRUPTION.match(row.function) for row in self.rows)


def read_trees(lines):
    """The plugin's output; one Tree for each recorded packet, in order."""
    trees = []
    for line in lines:
        words = line.split()
        if words[0] == "packet":
            trees.append(Tree([], []))
        elif words[0] == "access":
            trees[-1].accesses.append((int(words[1]), int(words[2]), words[3], int(words[4]), words[5]))
        else:
            trees[-1].rows.append(Row(int(words[0]), words[1], *map(int, words[2:])))
    return trees


class Saying:
    """The guest's lines, by case and packet."""

    def __init__(self, lines):
        self.errors, self.mitigations, self.packets, self.queued = [], {}, {}, {}
        self.done = False
        case = number = None
        for line in lines:
            word, _, rest = line.rstrip("\r\n").partition(" ")
            if word == "case":
                case = rest
            elif word in ("packet", "poll"):
                number = int(rest.split()[0])
                self.packets[case, number] = {"bytes": rest.split()[-1], "replies": [], "drops": []}
            elif word == "queued":
                self.queued.setdefault(case, []).append(rest.split()[-1])
            elif word == "reply":
                self.packets[case, number]["replies"].append(rest.split()[-1])
            elif word == "trace":
                self.packets[case, number]["drops"] += [{"reason": reason, "at": at} for at, reason in REASON.findall(rest)]
            elif word == "mitigation":
                name, _, state = rest.partition(": ")
                self.mitigations[name] = state
            elif word in ("error", "refused"):
                self.errors.append(line.strip())
            elif word == "done":
                self.done = True


def answer(tree, said, reasons):
    rows = [row.compared() for row in tree.rows]
    key = hashlib.sha1(json.dumps(rows).encode()).hexdigest()[:10]
    return rows, {
        "insns": sum(row.instructions for row in tree.rows), "loads": sum(row.loads for row in tree.rows),
        "stores": sum(row.stores for row in tree.rows), "first_touch_lines": sum(row.data_lines for row in tree.rows),
        "interrupted": tree.interrupted(), "tree": key, "drops": reasons["drops"], "replies": said["replies"]}


def record(question, kernel, said, reasons, trees):
    """The case that was asked, with what this kernel answered. `trees`: an iterator, which gives one for each packet. Answers
    the case and the trees, by packet number."""
    case = {"case": question["case"], "kernel": kernel, "steps": [], "trees": {}}
    queued, kept = iter(said.queued.get(case["case"], [])), {}
    for step in copy.deepcopy(question["steps"]):
        step.pop("kernel", None)
        step.pop("server_isn", None)
        case["steps"].append(step)
        if step.get("queued"):
            step["bytes"] = next(queued)
        if "packet" not in step:
            continue
        number = step["packet"]
        mine = said.packets[case["case"], number]
        tree = next(trees)
        kept[number] = tree.polled() if step.get("poll") else tree.received()
        if "bytes" in step:
            step["bytes"] = mine["bytes"]
        rows, step["kernel"] = answer(kept[number], mine, reasons.packets[case["case"], number])
        case["trees"][step["kernel"]["tree"]] = rows
        isns = [isn for isn in map(plan.answered_isn, map(bytes.fromhex, mine["replies"])) if isn is not None]
        if isns:
            step["server_isn"] = isns[0]
    return case, kept


def case_text(case):
    """A step or tree a line, so that versions of a case can be compared."""
    steps = ",\n  ".join(json.dumps(step) for step in case["steps"])
    trees = ",\n  ".join(f"{json.dumps(key)}: {json.dumps(rows, separators=(',', ':'))}" for key, rows in case["trees"].items())
    head = f' "case": {json.dumps(case["case"])},\n "kernel": {json.dumps(case["kernel"])},\n'
    return f'{{\n{head} "steps": [\n  {steps}\n ],\n "trees": {{\n  {trees}\n }}\n}}\n'
