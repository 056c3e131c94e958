"""From a recorded case to the plan that the guest plays (its lines: guest/plan.c)."""
import re
import struct

TCP, SYN, ACK = 6, 0x02, 0x10
# An acknowledgement further away than this from the initial sequence number was meant to be wrong.
NEAR = 1 << 24
CONNECTIONS = re.compile(r"connections (\d+) from (\S+) ports (\d+)\+i to (\S+):(\d+)$")


class Segment:
    """An IPv4 packet with a TCP header; None of these attributes when `of` answers None."""

    @classmethod
    def of(cls, packet):
        header = (packet[0] & 15) * 4 if packet else 0
        fragment = struct.unpack_from("!H", packet, 6)[0] & 0x1FFF if len(packet) >= 20 else 1
        if header < 20 or len(packet) < header + 20 or packet[9] != TCP or fragment:
            return None
        found = cls()
        ports = struct.unpack_from("!HH", packet, header)
        found.client = (packet[12:16], ports[0], packet[16:20], ports[1])
        found.server = (packet[16:20], ports[1], packet[12:16], ports[0])
        found.seq, found.ack_seq = struct.unpack_from("!II", packet, header + 4)
        found.flags = packet[header + 13]
        return found


def answered_isn(reply):
    """The sequence number in a SYN-ACK; None for any other packet."""
    segment = Segment.of(reply)
    return segment.seq if segment and segment.flags & (SYN | ACK) == SYN | ACK else None


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def address_bytes(text):
    return bytes(int(part) for part in text.split("."))


def tcp_packet(source, port, destination, to_port, seq, ack_seq, flags, options=b""):
    """An IPv4 packet without payload, its checksums right."""
    ends = address_bytes(source) + address_bytes(destination)
    size = 20 + len(options)
    head = struct.pack("!HHIIBBHHH", port, to_port, seq, ack_seq, size // 4 << 4, flags, 64000, 0, 0) + options
    summed = checksum(ends + struct.pack("!HH", TCP, size) + head)
    tcp = head[:16] + struct.pack("!H", summed) + head[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + size, 1, 0x4000, 64, TCP, 0) + ends
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


class Planner:
    def __init__(self, case):
        self.case = case
        self.isns = {}  # of the recorded kernel, by the client's end
        self.device = None

    def lines(self):
        yield f"case {self.case['case']}"
        for step in self.case["steps"]:
            yield from self.step_lines(step)

    def step_lines(self, step):
        if "do" in step:
            yield from self.command_lines(step["do"])
        elif step.get("poll"):
            yield f"poll {step['packet']}"
        else:
            verb = "queue" if step.get("queued") else f"packet {step['packet']}"
            packet = bytes.fromhex(step["bytes"])
            yield f"{verb} {self.injection(step['dev'], step['dst_mac'], step['csum_verified_by_nic'], packet)}"
            self.learn(step, packet)

    def command_lines(self, text):
        self.device = self.device or (text.split()[1] if text.startswith("dev ") else None)
        connections = CONNECTIONS.match(text)
        yield from self.handshakes(*connections.groups()) if connections else [f"do {text}"]

    def injection(self, device, mac, verified, packet):
        isn = self.isn_to_adapt(packet)
        return f"{device} {mac} {int(verified)} {'-' if isn is None else isn} {packet.hex()}"

    def isn_to_adapt(self, packet):
        segment = Segment.of(packet)
        isn = self.isns.get(segment.client) if segment and segment.flags & ACK else None
        if isn is None:
            return None
        away = (segment.ack_seq - isn) & 0xFFFFFFFF
        return isn if min(away, (1 << 32) - away) < NEAR else None

    def learn(self, step, packet):
        segment = Segment.of(packet)
        if segment and "server_isn" in step:
            self.isns[segment.client] = step["server_isn"]

    def handshakes(self, count, source, first_port, destination, port):
        """`connections N ...`: the packets of N handshakes, which are not recorded."""
        for own_port in range(int(first_port), int(first_port) + int(count)):
            ends = (source, own_port, destination, int(port))
            syn = tcp_packet(*ends, 1000, 0, SYN, bytes([2, 4, 5, 0xB4]))
            client = Segment.of(syn).client
            self.isns[client] = self.acknowledged_isn(client)
            yield f"quiet {self.injection(self.device, 'host', True, syn)}"
            ack = tcp_packet(*ends, 1001, (self.isns[client] + 1) & 0xFFFFFFFF, ACK)
            yield f"quiet {self.injection(self.device, 'host', True, ack)}"

    def acknowledged_isn(self, client):
        """The recorded kernel's choice for a connection whose SYN-ACK the case does not show; 0 when nothing tells it."""
        for step in self.case["steps"]:
            segment = Segment.of(bytes.fromhex(step.get("bytes", "")))
            if segment and segment.client == client and segment.flags & ACK:
                return (segment.ack_seq - 1) & 0xFFFFFFFF
        return 0


def text_of(cases):
    return "".join(f"{line}\n" for case in cases for line in Planner(case).lines())
