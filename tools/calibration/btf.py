"""The kernel's own type information (BTF): where the members of its structures lie."""
import collections
import struct

MAGIC = 0xEB9F
INT, POINTER, ARRAY, STRUCT, UNION, ENUM, FORWARD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNCTION, PROTOTYPE, VARIABLE, SECTION, FLOAT, \
    DECLARATION_TAG, TYPE_TAG, ENUM64 = range(1, 20)
# Bytes that follow a type of this kind: (fixed, for each of its vlen entries).
TRAILERS = {INT: (4, 0), ARRAY: (12, 0), STRUCT: (0, 12), UNION: (0, 12), ENUM: (0, 8), PROTOTYPE: (0, 8), VARIABLE: (4, 0),
            SECTION: (0, 12), DECLARATION_TAG: (4, 0), ENUM64: (0, 12)}
REFERENCES = (TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG)

Type = collections.namedtuple("Type", "name kind size_or_type bitfields trailer")
Row = collections.namedtuple("Row", "struct member offset size")


class Types:
    def __init__(self, content):
        magic, _, _, header, types_at, types_size, names_at, names_size = struct.unpack_from("<HBBIIIII", content)
        if magic != MAGIC:
            raise ValueError("not BTF: the magic number is missing")
        names = content[header + names_at:header + names_at + names_size]
        self.types = [None]  # number 0 is void
        self.read(content[header + types_at:header + types_at + types_size], names)
        self.by_name = {one.name: one for one in self.types if one and one.kind == STRUCT and one.name}
        self.names = names

    def read(self, content, names):
        at = 0
        while at < len(content):
            name_at, info, size_or_type = struct.unpack_from("<III", content, at)
            kind, count = info >> 24 & 31, info & 0xFFFF
            fixed, each = TRAILERS.get(kind, (0, 0))
            end = at + 12 + fixed + each * count
            self.types.append(Type(text_at(names, name_at), kind, size_or_type, bool(info >> 31), content[at + 12:end]))
            at = end

    def resolve(self, number):
        """The type behind typedefs and qualifiers; None for void."""
        while self.types[number] and self.types[number].kind in REFERENCES:
            number = self.types[number].size_or_type
        return self.types[number]

    def size(self, number):
        found = self.resolve(number)
        if found is None or found.kind in (FORWARD, FUNCTION, PROTOTYPE):
            return 0
        if found.kind == POINTER:
            return 8
        if found.kind == ARRAY:
            element, _, count = struct.unpack("<III", found.trailer)
            return count * self.size(element)
        return found.size_or_type

    def byte_offset(self, owner, number, place):
        """Of a bit-field, where the unit begins that the compiler reads for it."""
        bits = place & 0xFFFFFF if owner.bitfields else place
        in_bit_field = owner.bitfields and place >> 24
        unit = 8 * (self.size(number) if in_bit_field else 1)
        return bits // unit * unit // 8

    def members(self, owner, outer=0):
        """(member, offset, size) in order; what lies in a member of an unnamed structure comes before it."""
        for name_at, number, place in struct.iter_unpack("<III", owner.trailer):
            offset = outer + self.byte_offset(owner, number, place)
            inner = self.types[number]
            if inner and inner.kind in (STRUCT, UNION) and not inner.name:
                yield from self.members(inner, offset)
            name = text_at(self.names, name_at)
            if name:
                yield name, offset, self.size(number)


def text_at(names, at):
    return names[at:names.index(b"\0", at)].decode()


def layout(content, structs):
    """The rows of the named structures, their total size last; a structure that the kernel does not have has none."""
    types = Types(content)
    for owner in (types.by_name[name] for name in structs if name in types.by_name):
        yield from (Row(owner.name, *member) for member in types.members(owner))
        yield Row(owner.name, "(total)", 0, owner.size_or_type)
