#include <dirent.h>
#include <stdio.h>
#include <sys/io.h>

#include "guest.h"

/* QEMU's isa-debugcon: a byte an instruction, where a serial line takes microseconds. */
enum { DEBUG_CONSOLE = 0xe9 };

static void tell(const void* bytes, size_t length) { outsb(DEBUG_CONSOLE, bytes, length); }

/* `NAME SIZE` on a line of its own, then the bytes of the file. */
static void tell_file(const char* name, const char* file) {
    static char content[16 << 20];
    FILE* in = fopen(file, "r");
    size_t length;
    char head[64];

    if (!in) {
        complain("read %s", file);
        return;
    }
    length = fread(content, 1, sizeof(content), in);
    fclose(in);
    tell(head, (size_t)snprintf(head, sizeof(head), "%s %zu\n", name, length));
    tell(content, length);
}

static void tell_vulnerabilities(void) {
    const char* folder = "/sys/devices/system/cpu/vulnerabilities";
    DIR* entries = opendir(folder);
    struct dirent* entry;
    char file[512], state[256];

    while (entries && (entry = readdir(entries))) {
        FILE* in;

        snprintf(file, sizeof(file), "%s/%s", folder, entry->d_name);
        in = entry->d_name[0] == '.' ? NULL : fopen(file, "r");
        if (in && fgets(state, sizeof(state), in)) say("mitigation %s: %s", entry->d_name, state);
        if (in) fclose(in);
    }
}

void tell_facts(void) {
    tell_vulnerabilities();
    if (ioperm(DEBUG_CONSOLE, 1, 1)) {
        complain("ioperm");
        return;
    }
    tell_file("version", "/proc/version");
    tell_file("kallsyms", "/proc/kallsyms");
    tell_file("btf", "/sys/kernel/btf/vmlinux");
}
