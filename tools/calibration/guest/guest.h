/* The guest: a small init that plays the steps of a plan file and writes what happens to a serial line. */
#pragma once

#include <stdbool.h>

/* Writes a line to the serial line of the results, at once. */
void say(const char* format, ...) __attribute__((format(printf, 1, 2)));
/* Says what went wrong, with errno's text; the driver takes it for a failed recording. */
void complain(const char* format, ...) __attribute__((format(printf, 1, 2)));
void write_file(const char* file, const char* text);
/* Runs a shell command and waits for it. */
void run(const char* format, ...) __attribute__((format(printf, 1, 2)));

/* Changes the host as the words of a recorded case say: `ip ...`, `dev NAME tap napi=1`, `listen tcp ...` (host.c). */
void host_command(const char* text);
/* The applications accept the connections that are established. */
void host_accept(void);
/* The file of a TAP device that a `dev` step made; -1 when there is none. */
int host_device(const char* name);
/* Calls `each` for every IPv4 packet that the kernel sent to any device. */
void host_drain(void (*each)(const unsigned char* packet, int length));

/* Plays the plan (plan.c). `reasons`: with the tracepoint skb:kfree_skb, which takes instructions of its own. */
void play(const char* plan_file, bool reasons);
/* Writes the kernel's symbols and type information to QEMU's debug console (facts.c). */
void tell_facts(void);
