#!/usr/bin/env python3
"""Tests of tools/calibrate that need no virtual machine.

usage: calibration_test.py ROOT
"""
import ctypes
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)).resolve()
TOOL = ROOT / "tools/calibration"
sys.path.insert(0, str(TOOL))
import btf  # noqa: E402
import code_profile  # noqa: E402
import derive  # noqa: E402
import observations  # noqa: E402
import plan  # noqa: E402
import profile  # noqa: E402
import recording  # noqa: E402
import symbols  # noqa: E402


def compiled(*sources):
    """A shared library of C files."""
    folder = tempfile.TemporaryDirectory()
    file = pathlib.Path(folder.name) / "library.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", file, *sources], check=True)
    library = ctypes.CDLL(file)
    library.folder = folder
    return library


class Symbols(unittest.TestCase):
    def test_parts_of_a_function_are_the_function(self):
        for symbol in ("tcp_ack", "tcp_ack.cold", "tcp_ack.constprop.0", "tcp_ack.isra.0.cold", "tcp_ack.part.3"):
            self.assertEqual(symbols.function_of(symbol), "tcp_ack")

    def test_thunks_are_told_from_functions(self):
        self.assertEqual(symbols.kind_of("__x86_indirect_thunk_rax"), "i")
        for symbol in ("__x86_return_thunk", "srso_alias_return_thunk", "srso_safe_ret", "retbleed_return_thunk"):
            self.assertEqual(symbols.kind_of(symbol), "r", symbol)
        self.assertEqual(symbols.kind_of("tcp_ack"), "f")

    def test_only_text_is_kept_and_padding_is_not(self):
        kallsyms = ("ffffffff81000010 T ip_rcv\nffffffff81000000 t __pfx_ip_rcv\nffffffff82000000 D jiffies\n"
                    "0000000000001000 T in_per_cpu\n")
        self.assertEqual(symbols.recorder_text(kallsyms), "ffffffff81000010 f ip_rcv\n")

    def test_of_two_names_for_a_place_the_known_one_is_chosen(self):
        kallsyms = "ffffffff81000010 T a_known\nffffffff81000010 T b_other\n"
        self.assertIn(" a_known\n", symbols.recorder_text(kallsyms, {"a_known"}))


class Instruction(ctypes.Structure):
    _fields_ = [("address", ctypes.c_uint64), ("next", ctypes.c_uint64), ("symbol", ctypes.c_void_p), ("flow", ctypes.c_int),
                ("indirect", ctypes.c_bool)]


STRAIGHT, CALL, RETURN = range(3)


class CallTrees(unittest.TestCase):
    """The recorder's C code, fed with instructions of two bytes each. Functions lie 0x100 apart."""

    PLACES = {"caller": 0x1000, "callee": 0x1100, "__x86_indirect_thunk_rax": 0x1200, "srso_return_thunk": 0x1300, "srso_safe_ret": 0x1400,
              "other": 0x1500}

    @classmethod
    def setUpClass(cls):
        cls.code = compiled(*(TOOL / "recorder" / name for name in ("symbols.c", "call_tree.c", "line_set.c")))
        cls.code.symbol_at.restype = ctypes.c_void_p
        cls.code.symbol_at.argtypes = [ctypes.c_uint64]
        cls.libc = ctypes.CDLL(None)
        cls.libc.fopen.restype = ctypes.c_void_p
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("".join(f"{at:x} {symbols.kind_of(name)} {name}\n" for name, at in cls.PLACES.items()))
            file.flush()
            cls.code.read_symbols(file.name.encode())

    def setUp(self):
        self.code.tree_begin(False)

    def execute(self, function, offset, flow=STRAIGHT, loads=0, stores=0, indirect=False):
        address = self.PLACES[function] + offset
        one = Instruction(address, address + 2, self.code.symbol_at(address), flow, indirect)
        self.code.tree_execute(ctypes.byref(one))
        for store in [False] * loads + [True] * stores:
            self.code.tree_access(store, 8, ctypes.c_uint64(0x8000))

    def tree(self):
        with tempfile.NamedTemporaryFile() as file:
            out = self.libc.fopen(file.name.encode(), b"w")
            self.code.tree_write(ctypes.c_void_p(out), ctypes.c_ulong(1))
            self.libc.fclose(ctypes.c_void_p(out))
            (tree,) = recording.read_trees(pathlib.Path(file.name).read_text().splitlines())
        return tree

    def rows(self):
        return [row.compared() for row in self.tree().rows]

    def front_end(self):
        return [(row.function, row.returns, row.indirect_calls) for row in self.tree().rows]

    def test_returns_and_calls_through_pointers_are_counted(self):
        self.execute("caller", 0, CALL, indirect=True)
        self.execute("callee", 0, indirect=True)
        self.execute("other", 0, RETURN)
        self.execute("caller", 2, CALL)
        self.execute("callee", 0, RETURN)
        self.assertEqual(self.front_end(), [("caller", 0, 1), ("callee", 0, 1), ("other", 1, 0), ("callee", 1, 0)])

    def test_thunks_count_as_what_they_stand_for(self):
        self.execute("caller", 0, CALL)
        self.execute("__x86_indirect_thunk_rax", 0, CALL)
        self.execute("__x86_indirect_thunk_rax", 2, RETURN)
        self.execute("callee", 0)
        self.execute("srso_return_thunk", 0, CALL)
        self.execute("srso_safe_ret", 2, RETURN)
        self.assertEqual(self.front_end(), [("caller", 0, 1), ("callee", 1, 0)])

    def test_a_call_is_one_deeper_and_its_return_is_loaded_for_the_caller(self):
        self.execute("caller", 0, CALL, stores=1)
        self.execute("callee", 0)
        self.execute("callee", 2, RETURN, loads=1)
        self.execute("caller", 2)
        self.assertEqual(self.rows(), [[0, "caller", 2, 1, 1], [1, "callee", 2, 0, 0]])

    def test_a_jump_into_another_function_returns_to_the_first_ones_caller(self):
        self.execute("caller", 0, CALL)
        self.execute("callee", 0)
        self.execute("other", 0)
        self.execute("other", 2, RETURN)
        self.execute("caller", 2)
        self.assertEqual(self.rows(), [[0, "caller", 2, 0, 0], [1, "callee", 1, 0, 0], [2, "other", 2, 0, 0]])

    def test_thunks_count_for_the_function_that_uses_them(self):
        self.execute("caller", 0, CALL, stores=1)
        self.execute("__x86_indirect_thunk_rax", 0, CALL, stores=1)
        self.execute("__x86_indirect_thunk_rax", 2, stores=1)
        self.execute("srso_return_thunk", 0, CALL, stores=1)
        self.execute("srso_safe_ret", 0)
        self.execute("srso_safe_ret", 2, RETURN, loads=1)
        self.execute("callee", 0)
        self.execute("srso_return_thunk", 0, CALL, stores=1)
        self.execute("srso_safe_ret", 0)
        self.execute("srso_safe_ret", 2, RETURN, loads=1)
        self.execute("caller", 2)
        self.assertEqual(self.rows(), [[0, "caller", 7, 2, 4], [1, "callee", 4, 0, 1]])

    def test_lines_of_thunks_count_for_no_function(self):
        self.execute("caller", 0, CALL)
        self.execute("__x86_indirect_thunk_rax", 0, CALL)
        self.execute("callee", 0)
        self.execute("callee", 0x40)
        self.execute("srso_return_thunk", 0, CALL)
        self.execute("srso_safe_ret", 0, RETURN)
        self.assertEqual([(row.function, row.code_lines) for row in self.tree().rows], [("caller", 1), ("callee", 2)])


class Sequences(unittest.TestCase):
    def setUp(self):
        self.code = compiled(TOOL / "guest/sequence.c")
        syn_ack = plan.tcp_packet("10.0.0.1", 80, "10.0.0.2", 4000, 0xFFFFFF00, 1001, plan.SYN | plan.ACK)
        self.code.sequence_learn(syn_ack, len(syn_ack))

    def adapted(self, packet, isn):
        bytes_ = ctypes.create_string_buffer(packet, len(packet))
        return self.code.sequence_adapt(bytes_, len(packet), ctypes.c_uint32(isn)), bytes_.raw

    def test_an_acknowledgement_moves_with_the_kernels_choice_and_its_checksum_too(self):
        # 0x300 bytes after the kernel's number, which wraps; everything else as a packet that was built so.
        recorded = plan.tcp_packet("10.0.0.2", 4000, "10.0.0.1", 80, 1001, 5000 + 0x300, plan.ACK)
        expected = plan.tcp_packet("10.0.0.2", 4000, "10.0.0.1", 80, 1001, 0x200, plan.ACK)
        self.assertEqual(self.adapted(recorded, 5000), (0, expected))

    def test_another_connection_is_refused(self):
        recorded = plan.tcp_packet("10.0.0.2", 4001, "10.0.0.1", 80, 1001, 5001, plan.ACK)
        self.assertEqual(self.adapted(recorded, 5000), (-1, recorded))


class Plans(unittest.TestCase):
    def planned(self, ack_seq):
        injected = {"dev": "nic0", "dst_mac": "host", "csum_verified_by_nic": True}
        syn = plan.tcp_packet("10.0.0.2", 4000, "10.0.0.1", 80, 1000, 0, plan.SYN)
        ack = plan.tcp_packet("10.0.0.2", 4000, "10.0.0.1", 80, 1001, ack_seq, plan.ACK)
        case = {"case": "one", "steps": [{"packet": 1, "server_isn": 7000, "bytes": syn.hex(), **injected},
                                         {"packet": 2, "bytes": ack.hex(), **injected}]}
        return [line.split()[:6] for line in plan.text_of([case]).splitlines()]

    def test_an_acknowledgement_names_the_number_that_it_was_recorded_with(self):
        lines = self.planned(7001)
        self.assertEqual(lines[1], ["packet", "1", "nic0", "host", "1", "-"])
        self.assertEqual(lines[2], ["packet", "2", "nic0", "host", "1", "7000"])

    def test_one_that_was_meant_to_be_wrong_stays(self):
        self.assertEqual(self.planned(7000 + (1 << 30))[2][5], "-")


class Observations(unittest.TestCase):
    KINDS = {"ip_rcv": "FUNCTION", "tcp_ack": "FUNCTION", "kfree_skb": "CLOSED"}

    def test_a_closed_function_is_charged_with_what_the_model_does_not_call_below_it(self):
        kernel = [[0, "ip_rcv", 10, 1, 1], [1, "memcpy", 5, 1, 1], [1, "kfree_skb", 20, 2, 2], [2, "memset", 30, 3, 3], [2, "tcp_ack", 7, 1, 0]]
        model = [[0, "ip_rcv", 0, 0, 0, []], [1, "kfree_skb", 0, 0, 0, []], [2, "tcp_ack", 0, 0, 0, []]]
        costs = observations.charged(kernel, model, self.KINDS)
        self.assertEqual(costs, {"ip_rcv": [[10, 1, 1]], "kfree_skb": [[50, 5, 5]], "tcp_ack": [[7, 1, 0]]})

    def test_a_call_that_differs_between_recordings_is_no_observation(self):
        collection = observations.Collection(self.KINDS)
        kernel = [[0, "ip_rcv", 10, 1, 1]]
        collection.add("one", 1, [[0, "ip_rcv", 0, 0, 0, []]], [kernel, [[0, "ip_rcv", 11, 1, 1]]], kernel)
        self.assertEqual((collection.calls, collection.differing_calls, dict(collection.observed)), (1, 1, {}))


class Derivation(unittest.TestCase):
    ROWS = [profile.Row("f", "", (10, 2, 1), "measured: a"), profile.Row("f", "loop", (4, 1, 0), "measured: a"),
            profile.Row("f", "rare", (9, 0, 0), "disassembly")]

    def derive(self, *seen):
        return derive.derive_function(self.ROWS, [observations.Observation(steps, cost, "new", None) for steps, cost in seen], "shipped")

    def test_what_explains_the_observations_stays(self):
        result = self.derive(({}, (10, 2, 1)), ({"loop": 3}, (22, 5, 1)))
        self.assertEqual((result.state, result.unexplained), ("equal", 0))
        self.assertEqual([row.source for row in result.rows], ["measured: new", "measured: new", "assumed: as shipped"])

    def test_a_dearer_return_changes_the_base_alone(self):
        result = self.derive(({}, (13, 2, 2)), ({"loop": 3}, (25, 5, 2)))
        self.assertEqual([row.cost for row in result.rows], [(13, 2, 2), (4, 1, 0), (9, 0, 0)])

    def test_a_dearer_step_changes_that_step_alone(self):
        result = self.derive(({}, (10, 2, 1)), ({"loop": 3}, (28, 5, 1)), ({"loop": 1}, (16, 3, 1)))
        self.assertEqual([row.cost for row in result.rows], [(10, 2, 1), (6, 1, 0), (9, 0, 0)])

    def test_what_happens_once_does_not_outweigh_the_usual(self):
        result = self.derive(({}, (10, 2, 1)), ({}, (10, 2, 1)), ({}, (99, 9, 9)))
        self.assertEqual((result.state, result.unexplained), ("equal", 1))

    def test_what_the_shipped_profile_leaves_unexplained_is_no_change(self):
        result = derive.derive_function(self.ROWS, [observations.Observation({}, (15, 2, 2), "new", (12, 2, 1))], "shipped")
        self.assertEqual(result.rows[0].cost, (13, 2, 2))

    def test_a_function_that_no_case_reaches_is_assumed(self):
        result = self.derive()
        self.assertEqual((result.state, {row.source for row in result.rows}), ("not reached", {"assumed: as shipped"}))


class CodeProfiles(unittest.TestCase):
    KINDS = {"open": "FUNCTION", "closed": "CLOSED"}
    SHIPPED = [code_profile.Row("open", (9, 9, 9), "measured: a"), code_profile.Row("other", (3, 1, 0), "measured: a")]

    @staticmethod
    def tree(*rows):
        return recording.Tree([recording.Row(depth, name, 0, 0, 0, 0, *numbers) for depth, name, *numbers in rows], [])

    def test_numbers_are_medians_over_calls(self):
        trees = [self.tree((0, "open", lines, 1, 0)) for lines in (4, 5, 9)]
        observed = code_profile.observe(trees, self.KINDS)
        self.assertEqual(code_profile.derive(self.SHIPPED, observed, "x")[0], ("open", (5, 1, 0), "measured: median of 3 calls"))

    def test_a_function_that_was_not_called_is_assumed(self):
        self.assertEqual(code_profile.derive(self.SHIPPED, {}, "x")[1], ("other", (3, 1, 0), "assumed: as x"))

    def test_a_closed_function_counts_with_all_below_it_and_each_functions_lines_once(self):
        tree = self.tree((0, "closed", 2, 1, 1), (1, "a", 3, 1, 0), (1, "a", 4, 1, 0), (2, "b", 5, 1, 0), (0, "a", 50, 1, 0))
        self.assertEqual(code_profile.observe([tree], self.KINDS), {"closed": [(2 + 4 + 5, 4, 1)]})

    def test_a_profile_is_read_as_it_is_written(self):
        self.assertEqual(code_profile.parse(code_profile.text_of(self.SHIPPED)), self.SHIPPED)


class Layouts(unittest.TestCase):
    def blob(self):
        """struct pair { int a; struct { int b; }; int flag:3 at bit 64; }"""
        names = b"\0int\0pair\0a\0b\0flag\0"
        at = {name: names.index(b"\0" + name + b"\0") + 1 for name in (b"int", b"pair", b"a", b"b", b"flag")}
        types = struct.pack("<IIII", at[b"int"], btf.INT << 24, 4, 32)
        types += struct.pack("<IIIIII", 0, btf.STRUCT << 24 | 1, 4, at[b"b"], 1, 0)
        types += struct.pack("<III", at[b"pair"], 1 << 31 | btf.STRUCT << 24 | 3, 12)
        for name, number, place in ((at[b"a"], 1, 0), (0, 2, 32), (at[b"flag"], 1, 3 << 24 | 69)):
            types += struct.pack("<III", name, number, place)
        return struct.pack("<HBBIIIII", btf.MAGIC, 1, 0, 24, 0, len(types), len(types), len(names)) + types + names

    def test_members_lie_where_the_type_information_says(self):
        rows = [tuple(row) for row in btf.layout(self.blob(), ["pair", "absent"])]
        self.assertEqual(rows, [("pair", "a", 0, 4), ("pair", "b", 4, 4), ("pair", "flag", 8, 4), ("pair", "(total)", 0, 12)])

    def test_other_bytes_are_refused(self):
        with self.assertRaises(ValueError):
            list(btf.layout(bytes(64), ["pair"]))


class Cases(unittest.TestCase):
    def test_a_case_is_written_in_the_format_that_it_is_read_in(self):
        case = json.loads((ROOT / "tests/conformance/data/forward.json").read_text())
        self.assertEqual(json.loads(recording.case_text(case)), case)


if __name__ == "__main__":
    unittest.main()
