"""Finds the functions of a C++ source file, as clang-format lays them out, wherever their signatures wrap."""
import re

# Comments, literals and preprocessor lines hold braces that open nothing.
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#(?:\\\n|[^\n])*',
                     re.S | re.M)
NO_FUNCTION = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$|\b(class|struct|union)\s+\w+[^()]*:[^:]")


def blank(found):
    """The same number of characters and lines, without code in them; a digit's apostrophe stays out of it."""
    return re.sub(r"[^\n]", " ", found.group())


def opens_body(head):
    """Whether the brace behind `head`, all of its statement so far, opens a function's body.

    A member's or a variable's initialiser follows its name directly: `m_count{0}`; a body's brace stands apart.
    """
    return "(" in head and head.endswith(" ") and not NO_FUNCTION.search(head) and not re.search(r"=\s*$|\[[^]]*\]\s*$", head)


def closing(code, opening):
    """Where the block that begins at `opening` ends."""
    depth = 0
    for place in range(opening, len(code)):
        depth += {"{": 1, "}": -1}.get(code[place], 0)
        if depth == 0:
            return place
    return len(code) - 1


def functions(text):
    """(lines, first line) of each function, from its signature to its closing brace."""
    code = NO_CODE.sub(blank, re.sub(r"(?<=\d)'(?=\d)", " ", text))
    start = place = 0
    while place < len(code):
        letter = code[place]
        if letter == "{":
            head = code[start:place]
            if opens_body(head):
                end = closing(code, place)
                first = code.count("\n", 0, start + len(head) - len(head.lstrip()))
                yield code.count("\n", 0, end) - first + 1, first + 1
                start = place = end + 1
                continue
            if not head.endswith(" ") or re.search(r"=\s*$", head):  # an initialiser: the statement goes on behind it
                place = closing(code, place) + 1
                continue
        if letter in "{};" or re.match(r"(public|private|protected):", code[place:place + 10]):
            start = place + (1 if letter in "{};" else code[place:].index(":") + 1)
        place += 1
