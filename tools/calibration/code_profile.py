"""The code that a call runs: `function,lines,returns,indirect_calls,source`, a row for each function, medians over its calls."""
import collections
import statistics

import profile

HEADER = "function,lines,returns,indirect_calls,source\n"

Row = collections.namedtuple("Row", "function numbers source")


def parse(text):
    """Rows in the file's order. The source keeps its commas."""
    return [Row(line[0], tuple(map(int, line[1:4])), ",".join(line[4:])) for line in profile.cells(text)]


def text_of(rows):
    return HEADER + "".join(f"{row.function},{','.join(map(str, row.numbers))},{row.source}\n" for row in rows)


def of_call(tree, index, whole):
    """(lines, returns, indirect calls) of one call; `whole`: with all that it calls, whose lines count once for each function."""
    rows = tree.below(index).rows if whole else [tree.rows[index]]
    lines = collections.defaultdict(int)
    for row in rows:
        lines[row.function] = max(lines[row.function], row.code_lines)
    return sum(lines.values()), sum(row.returns for row in rows), sum(row.indirect_calls for row in rows)


def observe(trees, kinds):
    """{function: [numbers of each call]}. A closed function counts as a whole."""
    observed = collections.defaultdict(list)
    for tree in trees:
        for index, row in enumerate(tree.rows):
            if row.function in kinds:
                observed[row.function].append(of_call(tree, index, kinds[row.function] == "CLOSED"))
    return observed


def derive(shipped, observed, name):
    """The shipped rows with what was observed in the place of their numbers; the others are assumed to be as shipped."""
    rows = []
    for row in shipped:
        calls = observed.get(row.function, [])
        if calls:
            numbers = tuple(int(statistics.median(values) + 0.5) for values in zip(*calls))
            rows.append(Row(row.function, (max(1, numbers[0]), *numbers[1:]), f"measured: median of {len(calls)} calls"))
        else:
            rows.append(Row(row.function, row.numbers, f"assumed: as {name}"))
    return rows
