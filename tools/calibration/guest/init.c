#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "guest.h"

static FILE* results;

void say(const char* format, ...) {
    va_list arguments;

    va_start(arguments, format);
    vfprintf(results, format, arguments);
    va_end(arguments);
    fflush(results);
}

void complain(const char* format, ...) {
    const char* why = strerror(errno);
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    say("error %s: %s\n", text, why);
}

void write_file(const char* file, const char* text) {
    int out = open(file, O_WRONLY | O_TRUNC);

    if (out < 0 || write(out, text, strlen(text)) < 0) complain("write %s", file);
    if (out >= 0) close(out);
}

static void mount_systems(void) {
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
    mount("tmpfs", "/run", "tmpfs", 0, NULL);
    mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
}

static void load_module(const char* file) {
    int in = open(file, O_RDONLY);

    if (in >= 0 && syscall(SYS_finit_module, in, "", 0) && errno != EEXIST) complain("load %s", file);
    if (in >= 0) close(in);
}

static bool asked_for(const char* word) {
    static char line[4096];
    int in = open("/proc/cmdline", O_RDONLY);
    ssize_t length = read(in, line, sizeof(line) - 1);

    close(in);
    line[length > 0 ? length : 0] = 0;
    return strstr(line, word) != NULL;
}

int main(void) {
    const struct rlimit many_files = {200000, 200000};

    mount_systems();
    results = fopen("/dev/ttyS1", "w");
    if (!results) results = stdout;
    load_module("/modules/tun.ko");
    mkdir("/dev/net", 0755);
    mknod("/dev/net/tun", S_IFCHR | 0666, makedev(10, 200));
    setenv("PATH", "/bin", 1);
    setrlimit(RLIMIT_NOFILE, &many_files);
    write_file("/proc/sys/kernel/kptr_restrict", "0");
    if (asked_for("calibrate=facts")) tell_facts();
    play("/plan", asked_for("calibrate=facts"));
    say("done\n");
    sync();
    reboot(RB_POWER_OFF);
    return 0;
}
