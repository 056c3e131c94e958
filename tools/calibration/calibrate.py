"""The steps of tools/calibrate, one after the other."""
import collections
import csv
import gzip
import io
import json
import pathlib
import subprocess

import btf
import code_profile
import derive
import machine
import observations
import plan
import profile
import recording
import symbols

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = ROOT / "tests/conformance/data"
SHIPPED = ROOT / "models/cpu/profiles/linux-6.12-x86_64"
STRUCTS = pathlib.Path(__file__).with_name("structs.txt")
SEEDS = (1, 2)
# Two recordings differ in what hangs on chance: lengths of hash chains, a slab that had to grow.
MOST_DIFFERING = 0.05

Recorded = collections.namedtuple("Recorded", "cases trees")  # trees: {(case, packet): Tree}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(text if isinstance(text, bytes) else text.encode())
    part.replace(path)


def read_cases(names):
    missing = [name for name in names if not (CASES / f"{name}.json").exists()]
    if missing:
        raise machine.Failed(f"no recorded case {', '.join(missing)}; there are: {', '.join(sorted(path.stem for path in CASES.glob('*.json')))}")
    return [json.loads((CASES / f"{name}.json").read_text()) for name in names]


def said(folder, name):
    with open(folder / f"{name}.said", errors="replace") as file:
        found = recording.Saying(file)
    if found.errors:
        raise machine.Failed(f"in the guest: {'; '.join(found.errors[:5])}")
    if not found.done:
        raise machine.Failed(f"the guest did not come to the end of its plan: see {folder}/{name}.boot")
    return found


def boot_for_facts(folder, kernel, initramfs, mitigations):
    """Symbols, type information and, as tracing would change what is counted, the reasons of the drops."""
    machine.boot(folder, "facts", kernel, initramfs, "calibrate=facts", mitigations, SEEDS[0]).wait()
    return said(folder, "facts"), machine.read_facts(folder / "facts.facts")


def boot_for_trees(folder, kernel, initramfs, mitigations, plugin, accesses):
    """Every packet's call tree, as often as there are seeds."""
    boots = []
    for seed in SEEDS:
        arguments = f"{plugin},symbols={folder}/symbols,out={folder}/trees{seed}{',accesses=on' if accesses else ''}"
        boots.append(machine.boot(folder, f"record{seed}", kernel, initramfs, "calibrate=record", mitigations, seed, arguments))
    for one in boots:
        one.wait()


def read_recording(folder, seed, questions, kernel_name, reasons):
    words = said(folder, f"record{seed}")
    with open(folder / f"trees{seed}") as file:
        trees = iter(recording.read_trees(file))
    found = Recorded([], {})
    for question in questions:
        case, kept = recording.record(question, kernel_name, words, reasons, trees)
        found.cases.append(case)
        found.trees.update({(case["case"], number): tree for number, tree in kept.items()})
    return found


def record(folder, kernel, questions, known, options):
    """The facts of the kernel and its recordings."""
    folder.mkdir(parents=True, exist_ok=True)
    plugin = machine.compile_recorder(folder)
    initramfs = machine.make_initramfs(folder, kernel, plan.text_of(questions))
    print(f"booting {kernel.name} for its symbols", flush=True)
    reasons, facts = boot_for_facts(folder, kernel, initramfs, options.mitigations)
    (folder / "symbols").write_text(symbols.recorder_text(facts["kallsyms"].decode(), known))
    print(f"recording {len(questions)} cases, twice", flush=True)
    boot_for_trees(folder, kernel, initramfs, options.mitigations, plugin, options.accesses)
    name = describe(facts, reasons.mitigations, options.mitigations)
    return reasons, facts, [read_recording(folder, seed, questions, name, reasons) for seed in SEEDS]


def describe(facts, mitigations, on):
    release = facts["version"].decode().split()[2]
    active = [f"{name} ({state.removeprefix('Mitigation: ')})" for name, state in sorted(mitigations.items())
              if name in ("spectre_v2", "retbleed", "spec_rstack_overflow")]
    return f"Linux {release}, x86-64, {'mitigations: ' + ', '.join(active) if on else 'mitigations=off'}"


def replay(program, folder, case):
    """The model's calls, with steps: {packet: rows}."""
    question, answer = folder / f"{case['case']}.json", folder / f"{case['case']}.predicted.json"
    question.write_text(recording.case_text(case))
    done = subprocess.run([program, "replay", question, "--steps", "--json", answer], capture_output=True, text=True)
    if done.returncode:
        raise machine.Failed(f"the model cannot replay {case['case']}: {done.stderr.strip()}")
    return {packet["packet"]: packet["calls"] for packet in json.loads(answer.read_text())["packets"]}


def observe(program, folder, questions, recordings, kinds):
    collection = observations.Collection(kinds)
    predictions = {case["case"]: replay(program, folder, case) for case in recordings[0].cases}
    shipped = {(case["case"], step["packet"]): case["trees"][step["kernel"]["tree"]]
               for case in questions for step in case["steps"] if "packet" in step}
    for (case, number), tree in recordings[0].trees.items():
        trees = [tree, *(other.trees[case, number] for other in recordings[1:])]
        if not any(one.interrupted() for one in trees):
            rows = [[row.compared() for row in one.rows] for one in trees]
            collection.add(case, number, predictions[case][number], rows, shipped[case, number])
    return collection


def derive_profile(shipped, collection, kinds):
    """{function: Derived}."""
    by_function = collections.defaultdict(list)
    for row in (row for rows in shipped.values() for row in rows):
        by_function[row.function].append(row)
    return {name: derive.derive_function(rows, collection.observed[name], SHIPPED.name) if kinds[name] == "FUNCTION"
            else derive.derive_whole(rows, collection.differences[name], SHIPPED.name) for name, rows in by_function.items()}


def profile_files(shipped, derived):
    """{file name: text}, rows in the order of the shipped files."""
    costs = {(row.function, row.step): row for one in derived.values() for row in one.rows}
    return {name: profile.text_of([costs[row.function, row.step] for row in rows]) for name, rows in shipped.items()}


def layout_text(content):
    rows = btf.layout(content, STRUCTS.read_text().split())
    return "struct,member,offset,size\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


def code_text(trees, kinds):
    """What the core's front end sees of each function."""
    observed = code_profile.observe((tree for tree in trees.values() if not tree.interrupted()), kinds)
    return code_profile.text_of(code_profile.derive(code_profile.parse((SHIPPED / "memory/code.csv").read_text()), observed, SHIPPED.name))


def accesses_text(tree):
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("call", "depth", "function", "instruction", "op", "size", "address"))
    for row, instruction, direction, size, address in tree.accesses:
        table.writerow((row, tree.rows[row].depth, tree.rows[row].function, instruction, direction, size, address))
    return gzip.compress(out.getvalue().encode(), mtime=0)


def write_results(out, files, facts, recorded, kinds, accesses):
    for name, text in files.items():
        write(out / "profile" / name, text)
    write(out / "layout.csv", layout_text(facts["btf"]))
    write(out / "profile/memory/code.csv", code_text(recorded.trees, kinds))
    for case in recorded.cases:
        write(out / "cases" / f"{case['case']}.json", recording.case_text(case))
    for (case, number), tree in recorded.trees.items() if accesses else ():
        write(out / "accesses" / f"{case}_{number}.csv.gz", accesses_text(tree))


def print_changes(shipped, derived):
    before = {(row.function, row.step): row.cost for rows in shipped.values() for row in rows}
    for name in sorted(name for name, one in derived.items() if one.state == "changed"):
        for row in derived[name].rows:
            was = before[row.function, row.step]
            if row.cost != was:
                print(f"  {name + ' ' + row.step:50} {'/'.join(map(str, was)):>14} -> {'/'.join(map(str, row.cost))}")


def print_table(shipped, derived, collection):
    """True when the recordings agree with each other."""
    states = collections.Counter(one.state for one in derived.values())
    if states["changed"]:
        print("changed rows, instructions/loads/stores:")
        print_changes(shipped, derived)
    unexplained = sum(one.unexplained for one in derived.values())
    print(f"functions of these cases: {states['equal']} equal to {SHIPPED.name}, {states['changed']} changed; {states['not reached']} not reached")
    print(f"calls: {collection.calls} compared, {collection.differing_calls} left out as they differ between the recordings, "
          f"{unexplained} that the profile does not explain")
    if collection.unpaired:
        print(f"called otherwise than in the model: {', '.join(f'{name} in {count} packets' for name, count in sorted(collection.unpaired.items()))}")
    for case, packet, function in collection.differing_packets:
        print(f"NOT DETERMINISTIC: {case} packet {packet} calls {function} in one recording otherwise than in the other")
    much = collection.differing_calls > MOST_DIFFERING * max(1, collection.calls)
    if much:
        print(f"NOT DETERMINISTIC: more than {MOST_DIFFERING:.0%} of the calls differ")
    return not (much or collection.differing_packets)


def calibrate(options):
    """Answers whether the recordings agree with each other."""
    questions = read_cases(options.cases.split(","))
    if not pathlib.Path(options.program).exists():
        raise machine.Failed(f"{options.program} is not there: build rxpath with tools/build release, or name it with --program")
    machine.install_missing()
    out, work = pathlib.Path(options.out), pathlib.Path(options.out) / "recording"
    kernel = pathlib.Path(options.kernel) if options.kernel else machine.find_kernel(work)
    shipped, kinds = profile.read(SHIPPED), profile.kinds(ROOT / "models/base/kernel_functions")
    _, facts, recordings = record(work, kernel, questions, set(kinds), options)
    collection = observe(options.program, work, questions, recordings, kinds)
    derived = derive_profile(shipped, collection, kinds)
    write_results(out, profile_files(shipped, derived), facts, recordings[0], kinds, options.accesses)
    steady = print_table(shipped, derived, collection)
    print(f"written: {out}/profile, {out}/layout.csv, {out}/cases{', ' + str(out) + '/accesses' if options.accesses else ''}")
    return steady
