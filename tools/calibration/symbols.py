"""The kernel's text symbols, folded to what the recorder counts as one function."""
import re

# Parts and copies that the compiler made of a function.
SUFFIX = re.compile(r"\.(constprop|isra|part|cold)(\.\d+)?")
INDIRECT_THUNK = re.compile(r"__x86_indirect_(call_|jump_|its_)?thunk_")
RETURN_THUNK = re.compile(r"(__x86|srso|srso_alias|retbleed|zen|its|call_depth)_return_thunk$|srso(_alias)?_safe_ret$|retbleed_untrain_ret$")


def function_of(symbol):
    return SUFFIX.sub("", symbol)


def kind_of(symbol):
    """f: a function, c: its cold part, i and r: a thunk that mitigations put for an indirect call or a return."""
    if INDIRECT_THUNK.match(symbol):
        return "i"
    if RETURN_THUNK.match(symbol):
        return "r"
    return "c" if re.search(r"\.cold(\.\d+)?$", symbol) else "f"


def parse(kallsyms):
    """(address, name) of the text symbols, sorted."""
    found = []
    for line in kallsyms.splitlines():
        address, kind, name = line.split()[:3]
        if kind in "tTwW" and not name.startswith("__pfx_") and int(address, 16) >= 0xFFFFFFFF80000000:
            found.append((int(address, 16), name))
    return sorted(found)


def fold(symbols, known=()):
    """{address: name}: of several names for one address the one in `known`, or else the last."""
    chosen = {}
    for address, name in symbols:
        if function_of(chosen.get(address, "")) not in known:
            chosen[address] = name
    return chosen


def recorder_text(kallsyms, known=()):
    """What the plugin reads: `ADDRESS KIND FUNCTION`, a line a symbol."""
    chosen = fold(parse(kallsyms), known)
    return "".join(f"{address:x} {kind_of(name)} {function_of(name)}\n" for address, name in sorted(chosen.items()))
