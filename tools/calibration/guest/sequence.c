#include "sequence.h"

#include <stdlib.h>
#include <string.h>

/* Within an IPv4 header and, behind it, a TCP header. */
enum { IP_PROTOCOL = 9, IP_SOURCE = 12, IP_DESTINATION = 16 };
enum {
    TCP_SOURCE = 0,
    TCP_DESTINATION = 2,
    TCP_SEQ = 4,
    TCP_ACK_SEQ = 8,
    TCP_FLAGS = 13,
    TCP_CHECKSUM = 16,
    TCP_SIZE = 20
};
enum { FLAG_SYN = 0x02, FLAG_ACK = 0x10, PROTOCOL_TCP = 6 };

/* Named by the client's end: address and port as they stand in the packet, then the server's. */
struct connection {
    uint8_t ends[12];
    uint32_t isn;
};

static struct connection* connections;
static int connection_count;

static uint32_t get32(const uint8_t* at) { return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3]; }

static uint32_t get16(const uint8_t* at) { return at[0] << 8 | at[1]; }

static void put16(uint8_t* at, uint32_t value) {
    at[0] = value >> 8;
    at[1] = value;
}

static const uint8_t* tcp_of(const uint8_t* packet, int length) {
    int header = length > 0 ? (packet[0] & 15) * 4 : 0;

    if (header < 20 || length < header + TCP_SIZE || packet[IP_PROTOCOL] != PROTOCOL_TCP) return NULL;
    return packet + header;
}

static void name_ends(uint8_t ends[12], const uint8_t* client_ip, const uint8_t* client_port, const uint8_t* server_ip,
                      const uint8_t* server_port) {
    memcpy(ends, client_ip, 4);
    memcpy(ends + 4, client_port, 2);
    memcpy(ends + 6, server_ip, 4);
    memcpy(ends + 10, server_port, 2);
}

static struct connection* find(const uint8_t ends[12]) {
    for (int i = 0; i < connection_count; i++)
        if (memcmp(connections[i].ends, ends, 12) == 0) return &connections[i];
    return NULL;
}

void sequence_learn(const uint8_t* packet, int length) {
    const uint8_t* tcp = tcp_of(packet, length);
    struct connection* known;
    uint8_t ends[12];

    if (!tcp || (tcp[TCP_FLAGS] & (FLAG_SYN | FLAG_ACK)) != (FLAG_SYN | FLAG_ACK)) return;
    name_ends(ends, packet + IP_DESTINATION, tcp + TCP_DESTINATION, packet + IP_SOURCE, tcp + TCP_SOURCE);
    known = find(ends);
    if (!known) {
        connections = realloc(connections, (connection_count + 1) * sizeof(*connections));
        known = &connections[connection_count++];
        memcpy(known->ends, ends, 12);
    }
    known->isn = get32(tcp + TCP_SEQ);
}

/* Replaces 16 bits in what a checksum covers (RFC 1624, equation 3). */
static void replace16(uint8_t* at, uint32_t value, uint8_t* checksum) {
    uint32_t sum = (get16(checksum) ^ 0xffff) + (get16(at) ^ 0xffff) + value;

    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    put16(at, value);
    put16(checksum, sum ^ 0xffff);
}

int sequence_adapt(uint8_t* packet, int length, uint32_t recorded_isn) {
    uint8_t* tcp = (uint8_t*)tcp_of(packet, length);
    const struct connection* known;
    uint8_t ends[12];
    uint32_t moved;

    if (!tcp) return -1;
    name_ends(ends, packet + IP_SOURCE, tcp + TCP_SOURCE, packet + IP_DESTINATION, tcp + TCP_DESTINATION);
    known = find(ends);
    if (!known) return -1;
    moved = get32(tcp + TCP_ACK_SEQ) - recorded_isn + known->isn;
    replace16(tcp + TCP_ACK_SEQ, moved >> 16, tcp + TCP_CHECKSUM);
    replace16(tcp + TCP_ACK_SEQ + 2, moved & 0xffff, tcp + TCP_CHECKSUM);
    return 0;
}
