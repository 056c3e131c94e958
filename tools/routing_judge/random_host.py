"""A host configured at random, and addresses to ask about: the same for the same seed."""
import random

CARRIER = ["nic0", "nic1", "nic2", "nic3"]  # up, with a peer that is up
DEVICES = CARRIER + ["nic4", "nic5"]        # nic4 is up without carrier, nic5 is down
TABLES = ["main"] * 14 + ["default", "local", "100", "101", "102", "300"]

# Prefix lengths as in a routing table of today, with more of the rare ones.
LENGTHS = [24] * 40 + [23] * 8 + [22] * 9 + [21] * 5 + [20] * 5 + [19] * 3 + [18] * 2 + [17] * 2 + [16] * 6 + \
          [32] * 6 + [31, 30, 29, 28, 27, 26, 25] * 2 + list(range(8, 16)) + [4, 5, 6, 7, 0]

# Sysctls that routing looks at, with values to choose from.
SYSCTLS = {"rp_filter": [0, 0, 1, 2], "forwarding": [0, 1, 1, 1], "accept_local": [0, 0, 1], "route_localnet": [0, 0, 1],
           "src_valid_mark": [0, 1], "ignore_routes_with_linkdown": [0, 1], "send_redirects": [0, 1],
           "shared_media": [0, 1], "bc_forwarding": [0, 1], "log_martians": [0, 1]}
SPECIAL = ["0.0.0.0", "255.255.255.255", "127.0.0.1", "127.255.255.255", "224.0.0.1", "224.0.0.9", "239.1.2.3",
           "240.0.0.1", "0.1.2.3", "169.254.1.1"]


def dotted(value):
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


class RandomHost:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.own, self.prefixes, self.added = [], [], []

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, choices):
        return self.random.choice(choices)

    # Addresses

    def addresses(self):
        """`ip addr add` for every device: networks of many sizes, several addresses in some."""
        lines = []
        for number, device in enumerate(DEVICES):
            for other, length in enumerate((24, self.pick([8, 16, 20, 25]), self.pick([30, 31, 32]))):
                network = 10 << 24 | number << 18 | other << 16
                host = network + self.pick([1, 1, 2, 129] if length < 30 else [0, 1])
                self.own.append((host, length, device))
                broadcast = self.pick(["", " broadcast +", " broadcast 10.9.9.9"]) if length < 31 else ""
                lines.append(f"ip addr add {dotted(host)}/{length}{broadcast} dev {device}")
                if length < 30 and self.chance(30):
                    self.own.append((host + 5, length, device))
                    lines.append(f"ip addr add {dotted(host + 5)}/{length} dev {device}")
        self.random.shuffle(lines)
        return lines

    def own_address(self):
        return dotted(self.pick(self.own)[0])

    def neighbour(self):
        """An address in one of the host's networks."""
        host, length, _ = self.pick(self.own)
        return dotted(host ^ self.random.randrange(1, 1 << min(32 - length, 7)) if length < 32 else host ^ 1)

    def prefix(self):
        if self.prefixes and self.chance(35):  # near one that is there: nested, or its neighbour
            value, length = self.pick(self.prefixes)
            length = min(32, max(1, length + self.pick([-4, -2, -1, 0, 0, 1, 2, 3, 8])))
            value ^= self.random.getrandbits(3) << (32 - length)
        else:
            value, length = self.pick([11, 20, 31, 45, 100, 172, 192, 203, 217]) << 24, self.pick(LENGTHS)
            value |= self.random.getrandbits(24)
        value &= 0xffffffff << (32 - length) & 0xffffffff
        self.prefixes.append((value, length))
        return f"{dotted(value)}/{length}"

    # Routes

    def hop(self):
        device = f" dev {self.pick(DEVICES)}" if self.chance(30) else ""
        onlink = f" dev {self.pick(CARRIER)} onlink" if self.chance(5) else device
        return f"via {self.neighbour()}{onlink}"

    def target(self, kind):
        if kind in ("blackhole", "unreachable", "prohibit", "throw"):
            return ""
        if kind == "unicast" and self.chance(7):
            hops = (f"nexthop {self.hop()} weight {self.pick([1, 1, 2, 5, 256])}" for _ in range(self.pick([2, 2, 3, 8])))
            return " " + " ".join(hops)
        if kind == "unicast" and self.chance(85):
            return " " + self.hop()
        return f" dev {self.pick(DEVICES)}"

    def route(self):
        prefix = self.prefix()
        kind = "unicast"
        if int(prefix.split("/")[1]) > 8:  # else most questions would end at one route that answers an error
            kind = self.pick(["unicast"] * 30 + ["blackhole", "unreachable", "prohibit", "throw", "local", "local", "broadcast",
                                                 "multicast", "anycast"])
        text = f"{kind} {prefix}{self.options(kind)}{self.target(kind)}"
        self.added.append(text)
        return text

    # No protocol by number: a batch of iproute2 6.1 takes names that follow one for that number.
    def options(self, kind):
        text = ""
        if kind not in ("local", "broadcast", "anycast") or self.chance(10):
            text += f" table {self.pick(TABLES)}"
        for percent, option, values in ((15, "metric", [1, 10, 100, 4000000000]), (10, "tos", ["0x04", "0x08", "0x10", "0x1c"]),
                                        (5, "proto", ["static", "kernel", "boot"]), (3, "mtu", [576, 1400, 9000]),
                                        (2, "scope", ["global", "site", "link", "host"])):
            if self.chance(percent):
                text += f" {option} {self.pick(values)}"
        if self.chance(5):
            text += f" src {self.own_address()}"
        return text

    def route_change(self):
        """A change to the table of routes: mostly a new one, also what is there replaced or taken away."""
        if self.added and self.chance(30):
            return f"ip route del {self.pick(self.added)}"
        if self.added and self.chance(20):
            return f"ip route {self.pick(['add', 'append', 'replace', 'prepend', 'change'])} {self.pick(self.added)}"
        return f"ip route {self.pick(['add'] * 6 + ['append', 'replace', 'prepend', 'change'])} {self.route()}"

    # Rules

    def rule(self):
        text = f"pref {self.random.randrange(1, 60)}"
        for percent, selector in ((35, f"from {self.prefix()}"), (35, f"to {self.prefix()}"),
                                  (20, f"iif {self.pick(DEVICES + ['lo'])}"), (5, f"oif {self.pick(DEVICES)}"),
                                  (15, f"fwmark {self.pick(['1', '2/3', '0x10/0x10'])}"), (10, f"tos {self.pick(['0x08', '0x10'])}"),
                                  (10, f"ipproto {self.pick(['tcp', 'udp'])}"), (5, "dport 80-443"), (5, "sport 1000")):
            if self.chance(percent):
                text += " " + selector
        action = self.pick(["table"] * 10 + ["goto", "nop", "blackhole", "unreachable", "prohibit"])
        if action == "table":
            action = f"table {self.pick(['main', 'local', 'default', '100', '101', '102', '300', '999'])}"
            action += self.pick([""] * 5 + [" suppress_prefixlength 0", " suppress_prefixlength 20"])
        elif action == "goto":
            action = f"goto {self.random.randrange(60, 80)}"
        return f"{'not ' if self.chance(10) else ''}{text} {action}"

    # Other changes

    def sysctl(self):
        name = self.pick(list(SYSCTLS))
        owner = self.pick(["all"] + DEVICES + ["lo"])
        return f"sysctl net.ipv4.conf.{owner}.{name}={self.pick(SYSCTLS[name])}"

    def link_change(self):
        device = self.pick(DEVICES)
        return self.pick([f"ip link set {device} down", f"ip link set {device} up", f"ip link set {device} up",
                          f"ip link set {device} mtu {self.pick([1500, 1400, 9000])}",
                          f"ip link set {device} carrier {self.pick(['on', 'off'])}"])

    def address_change(self):
        host, length, device = self.pick(self.own)
        return f"ip addr {self.pick(['add', 'del'])} {dotted(host)}/{length} dev {device}"

    # Questions

    def address(self):
        kind = self.random.randrange(20)
        if kind < 10 and self.prefixes:
            value, length = self.pick(self.prefixes)
            return dotted(value | self.random.getrandbits(32) & 0xffffffff >> length)
        if kind < 12:
            return self.own_address()
        if kind < 16:
            return self.neighbour()
        if kind < 17:
            return self.pick(SPECIAL)
        if kind < 18:
            host, length, _ = self.pick(self.own)
            return dotted(host | 0xffffffff >> length)
        return dotted(self.random.getrandbits(32))

    def question(self):
        fibmatch = "fibmatch " if self.chance(40) else ""
        text = f"ip route get {fibmatch}{self.address()} from {self.address()} iif {self.pick(DEVICES + ['lo'])}"
        if self.chance(20):
            text += f" tos {self.pick(['0x04', '0x08', '0x10', '0x1c'])}"
        if self.chance(20):
            text += f" mark {self.pick([1, 2, 3, 16])}"
        if self.chance(30):
            text += f" ipproto {self.pick(['tcp', 'udp'])} sport {self.pick([1000, 2000])} dport {self.pick([80, 443, 5000])}"
        return text

    def script(self, routes, questions, rounds=8):
        """All lines for one judgement: a table, then rounds of questions with changes between them; rules come half-way."""
        lines = ["sysctl net.ipv4.ip_forward=1", "sysctl net.ipv4.fib_multipath_hash_seed=20261125"] + self.addresses()
        lines += [f"ip route add {self.route()}" for _ in range(routes)]
        for number in range(rounds):
            lines += ["trie"] + [self.question() for _ in range(questions // rounds)]
            lines += [self.route_change() for _ in range(routes // 100 + 10)]
            lines += [self.sysctl() for _ in range(4)]
            lines += [self.pick([self.link_change, self.address_change])() for _ in range(2)]
            lines.append(f"sysctl net.ipv4.fib_multipath_hash_policy={self.pick([0, 1])}")
            if number >= rounds // 2 - 1:
                lines += [f"ip rule add {self.rule()}" for _ in range(6)]
        return lines
