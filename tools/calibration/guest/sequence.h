/*
 * A recorded client acknowledges the sequence numbers of the kernel it was recorded with; the kernel that plays now
 * chose others. What a SYN-ACK says is remembered, and acknowledgements of its connection are moved by the difference.
 */
#pragma once

#include <stdint.h>

/* Remembers the initial sequence number when an IPv4 packet that the kernel sent is a SYN-ACK. */
void sequence_learn(const uint8_t* packet, int length);
/*
 * Moves the acknowledgement number of an IPv4 TCP packet to a connection whose initial sequence number was
 * `recorded_isn` when the packet was recorded. The checksum stays right, or as wrong as it was. 0: done; -1: no SYN-ACK
 * was seen.
 */
int sequence_adapt(uint8_t* packet, int length, uint32_t recorded_isn);
