/*
 * A plan, a line a step (plan.py writes it from a recorded case):
 *
 *   case NAME                                  in a network namespace of its own
 *   do TEXT                                    see host_command()
 *   packet NUMBER DEVICE MAC VERIFIED ISN HEX  injected and recorded; ISN: see sequence_adapt(), - for none
 *   queue DEVICE MAC VERIFIED ISN HEX          injected; waits for the next poll
 *   quiet DEVICE MAC VERIFIED ISN HEX          injected, neither recorded nor reported
 *   poll NUMBER                                lets the threaded NAPI run, recorded
 */
#define _GNU_SOURCE
#include <linux/virtio_net.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "markers.h"
#include "sequence.h"

enum { VNET_HEADER = 10, ETHERNET_HEADER = 14, PACKET_ROOM = 66000, LINE_ROOM = 140000, REPORTED_BYTES = 60 };

struct injection {
    char device[16], mac[16], isn[16];
    int verified, length, file;
    uint8_t packet[PACKET_ROOM];
};

static bool traces_reasons;
static unsigned long number;

static void mark(unsigned long address) { *(volatile char*)address = 1; }

static void say_hex(const uint8_t* bytes, int length) {
    static char text[2 * PACKET_ROOM + 1];

    for (int i = 0; i < length; i++) sprintf(text + 2 * i, "%02x", bytes[i]);
    text[2 * length] = 0;
    say("%s\n", text);
}

static bool read_injection(struct injection* in, const char* text) {
    int read = 0;
    unsigned int byte;

    if (sscanf(text, "%15s %15s %d %15s %n", in->device, in->mac, &in->verified, in->isn, &read) != 4) return false;
    text += read;
    for (in->length = 0; in->length < PACKET_ROOM && sscanf(text, "%2x", &byte) == 1; text += 2)
        in->packet[in->length++] = byte;
    in->file = host_device(in->device);
    if (in->isn[0] != '-' && sequence_adapt(in->packet, in->length, strtoul(in->isn, NULL, 10)))
        say("error no SYN-ACK before a packet that acknowledges one\n");
    return in->file >= 0;
}

static void destination(uint8_t mac[6], const char* kind) {
    static const uint8_t host[6] = {2, 0, 0, 0, 0, 1}, other[6] = {2, 0, 0, 0, 0, 0x77};
    static const uint8_t multicast[6] = {1, 0, 0x5e, 1, 1, 1};

    if (strcmp(kind, "bcast") == 0)
        memset(mac, 0xff, 6);
    else
        memcpy(mac, strcmp(kind, "other") == 0 ? other : strcmp(kind, "mcast") == 0 ? multicast : host, 6);
}

static void inject(const struct injection* in, bool recorded) {
    static const uint8_t from_and_type[8] = {2, 0, 0, 0, 0, 0x99, 8, 0};
    static uint8_t frame[VNET_HEADER + ETHERNET_HEADER + PACKET_ROOM];
    ssize_t written;

    memset(frame, 0, VNET_HEADER);
    frame[0] = in->verified ? VIRTIO_NET_HDR_F_DATA_VALID : 0;
    destination(frame + VNET_HEADER, in->mac);
    memcpy(frame + VNET_HEADER + 6, from_and_type, 8);
    memcpy(frame + VNET_HEADER + ETHERNET_HEADER, in->packet, in->length);
    if (recorded) mark(MARKER_BEGIN);
    written = write(in->file, frame, VNET_HEADER + ETHERNET_HEADER + in->length);
    if (recorded) mark(MARKER_END);
    if (written < 0) complain("write to %s", in->device);
}

static void begin_reasons(void) {
    if (traces_reasons) write_file("/sys/kernel/tracing/trace", "");
}

static void say_reasons(void) {
    FILE* trace = traces_reasons ? fopen("/sys/kernel/tracing/trace", "r") : NULL;
    char line[1024];

    while (trace && fgets(line, sizeof(line), trace))
        if (line[0] != '#') say("trace %lu %s", number, line);
    if (trace) fclose(trace);
}

static void reply(const unsigned char* packet, int length) {
    sequence_learn(packet, length);
    say("reply %lu of %d bytes ", number, length);
    say_hex(packet, length < REPORTED_BYTES ? length : REPORTED_BYTES);
}

static void learn(const unsigned char* packet, int length) { sequence_learn(packet, length); }

static void play_packet(struct injection* in, const char* text) {
    int read = 0;

    sscanf(text, "%lu %n", &number, &read);
    if (!read_injection(in, text + read)) return complain("packet %lu", number);
    say("packet %lu into %s for %s verified %d ", number, in->device, in->mac, in->verified);
    say_hex(in->packet, in->length);
    begin_reasons();
    inject(in, true);
    say_reasons();
    host_drain(reply);
    host_accept();
}

static void play_queue(struct injection* in, const char* text) {
    if (!read_injection(in, text)) return complain("queue");
    say("queued into %s for %s verified %d before the poll ", in->device, in->mac, in->verified);
    say_hex(in->packet, in->length);
    inject(in, false);
}

static void play_quiet(struct injection* in, const char* text) {
    if (!read_injection(in, text)) return complain("quiet");
    inject(in, false);
    host_drain(learn);
    host_accept();
}

static void play_poll(const char* text) {
    number = strtoul(text, NULL, 10);
    begin_reasons();
    say("poll %lu\n", number);
    mark(MARKER_BEGIN);
    usleep(3000);
    mark(MARKER_END);
    say_reasons();
    host_drain(reply);
    host_accept();
}

/* The steps up to the next case or the end. */
static void play_case(FILE* plan) {
    static char line[LINE_ROOM];
    static struct injection in;

    while (fgets(line, sizeof(line), plan) && strncmp(line, "case ", 5) != 0) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "do ", 3) == 0) {
            say("%s\n", line);
            host_command(line + 3);
        } else if (strncmp(line, "packet ", 7) == 0) {
            play_packet(&in, line + 7);
        } else if (strncmp(line, "queue ", 6) == 0) {
            play_queue(&in, line + 6);
        } else if (strncmp(line, "quiet ", 6) == 0) {
            play_quiet(&in, line + 6);
        } else if (strncmp(line, "poll ", 5) == 0) {
            play_poll(line + 5);
        }
    }
}

static void map_marker_page(void) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

    if (mmap((void*)MARKER_PAGE, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) complain("mmap");
    mark(MARKER_PAGE);
}

void play(const char* plan_file, bool reasons) {
    FILE* plan = fopen(plan_file, "r");
    static char line[LINE_ROOM];
    int status;

    if (!plan) return complain("%s", plan_file);
    map_marker_page();
    traces_reasons = reasons;
    if (reasons) write_file("/sys/kernel/tracing/events/skb/kfree_skb/enable", "1");
    while (fgets(line, sizeof(line), plan)) {
        if (strncmp(line, "case ", 5) != 0) continue;
        say("%s", line);
        if (fork() == 0) {
            FILE* own = fopen(plan_file, "r");

            if (unshare(CLONE_NEWNET)) complain("unshare");
            fseek(own, ftell(plan), SEEK_SET);
            play_case(own);
            _exit(0);
        }
        wait(&status);
        if (status) say("error the case ended with status %x\n", status);
    }
    fclose(plan);
}
