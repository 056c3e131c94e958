"""A cost profile: `function,step,instructions,loads,stores,source`, a row for each function's base and each of its steps."""
import collections
import csv
import io
import re

METRICS = ("instructions", "loads", "stores")
HEADER = "function,step,instructions,loads,stores,source\n"
KIND = re.compile(r"RXPATH_(FUNCTION|HELPER|CLOSED)\((\w+),")

Row = collections.namedtuple("Row", "function step cost source")


def cells(text):
    """The lines of a profile's file, without header and comments, each as its cells."""
    return [line for line in csv.reader(io.StringIO(text)) if line and line[0] != "function" and not line[0].startswith("#")]


def parse(text):
    """Rows in the file's order. The source keeps its commas."""
    return [Row(line[0], line[1], tuple(map(int, line[2:5])), ",".join(line[5:])) for line in cells(text)]


def read(folder):
    """{file name: rows}."""
    return {path.name: parse(path.read_text()) for path in sorted(folder.glob("*.csv"))}


def text_of(rows):
    return HEADER + "".join(f"{row.function},{row.step},{','.join(map(str, row.cost))},{row.source}\n" for row in rows)


def kinds(folder):
    """{function: FUNCTION, HELPER or CLOSED} from models/base/kernel_functions."""
    text = "".join(path.read_text() for path in sorted(folder.glob("*.def")))
    return {name: kind for kind, name in KIND.findall(text)}
