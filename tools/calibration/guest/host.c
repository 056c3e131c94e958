#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

enum { MOST_DEVICES = 16, MOST_SOCKETS = 65536, FRAME_ROOM = 70000 };
/* What comes before the IPv4 packet in a frame that is read: virtio_net_hdr without num_buffers, Ethernet. */
enum { VNET_HEADER = 10, ETHERNET_TYPE = VNET_HEADER + 12, IP_AT = VNET_HEADER + 14 };

static struct device {
    char name[IFNAMSIZ];
    int file;
} devices[MOST_DEVICES];
static int device_count;

static int listeners[MOST_SOCKETS], listener_count;
static int readers[MOST_SOCKETS], reader_count; /* that an application may read: accepted connections and UDP */
static int last_bound = -1;

void run(const char* format, ...) {
    char text[1024];
    va_list arguments;
    pid_t child;
    int status;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    child = fork();
    if (child == 0) {
        execl("/bin/busybox", "sh", "-c", text, NULL);
        _exit(127);
    }
    waitpid(child, &status, 0);
    if (status) say("refused %s\n", text);
}

int host_device(const char* name) {
    for (int i = 0; i < device_count; i++)
        if (strcmp(devices[i].name, name) == 0) return devices[i].file;
    return -1;
}

static void make_device(const char* name, bool napi) {
    struct device* made = &devices[device_count++];
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | (napi ? IFF_NAPI : 0)};

    snprintf(made->name, sizeof(made->name), "%s", name);
    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
    made->file = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (made->file < 0 || ioctl(made->file, TUNSETIFF, &request)) complain("dev %s", name);
    run("/bin/ip link set %s address 02:00:00:00:00:01", name);
    write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
}

void host_drain(void (*each)(const unsigned char* packet, int length)) {
    static unsigned char frame[FRAME_ROOM];
    ssize_t length;

    for (int i = 0; i < device_count; i++)
        while ((length = read(devices[i].file, frame, sizeof(frame))) > 0)
            if (length > IP_AT && frame[ETHERNET_TYPE] == 8 && frame[ETHERNET_TYPE + 1] == 0)
                each(frame + IP_AT, (int)length - IP_AT);
}

/* "sysctl net.ipv4.conf.all.rp_filter=1" */
static void set_sysctl(const char* text) {
    char file[256] = "/proc/sys/", key[200], value[64];

    if (sscanf(text, "sysctl %199[^=]=%63s", key, value) != 2) return complain("%s", text);
    for (char* at = key; *at; at++)
        if (*at == '.') *at = '/';
    strcat(file, key);
    write_file(file, value);
}

static int bind_socket(int type, const char* address, int port, bool reuseport) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(address)};
    int made = socket(AF_INET, type | SOCK_NONBLOCK, 0), yes = 1;

    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (reuseport) setsockopt(made, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
    if (bind(made, (struct sockaddr*)&to, sizeof(to))) complain("bind %s:%d", address, port);
    last_bound = made;
    return made;
}

/* "listen tcp A:P[-Q] [backlog N] [reuseport]" */
static void listen_tcp(const char* text) {
    const char* wanted = strstr(text, " backlog ");
    int backlog = wanted ? atoi(wanted + 9) : 4096, first, last;
    char address[32];

    if (sscanf(text, "listen tcp %31[^:]:%d-%d", address, &first, &last) == 2) last = first;
    for (int port = first; port <= last; port++) {
        listeners[listener_count] = bind_socket(SOCK_STREAM, address, port, strstr(text, "reuseport") != NULL);
        if (listen(listeners[listener_count++], backlog)) complain("%s", text);
    }
}

static void connect_udp(const char* address, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(address)};

    if (connect(last_bound, (struct sockaddr*)&to, sizeof(to))) complain("connect udp %s:%d", address, port);
}

void host_accept(void) {
    for (int i = 0, made; i < listener_count; i++)
        while ((made = accept4(listeners[i], NULL, NULL, SOCK_NONBLOCK)) >= 0) readers[reader_count++] = made;
}

static void receive_all(void) {
    static char content[1 << 16];

    for (int i = 0; i < reader_count; i++)
        while (recv(readers[i], content, sizeof(content), MSG_DONTWAIT) > 0)
            ;
}

/* From here frames wait: the poll runs in a kernel thread, and this process, at a real-time priority, comes first. */
static void thread_napi(const char* device) {
    const struct sched_param priority = {50};
    char file[128];

    mkdir("/netsys", 0755);
    if (mount("sysfs", "/netsys", "sysfs", 0, NULL)) complain("mount sysfs");
    snprintf(file, sizeof(file), "/netsys/class/net/%s/threaded", device);
    write_file(file, "1");
    if (sched_setscheduler(0, SCHED_FIFO, &priority)) complain("sched_setscheduler");
    usleep(20000);
}

/* "routes sequential from A count N plen L via G" */
static void add_routes(const char* text) {
    char first[32], gateway[32];
    unsigned int count, length;
    FILE* out;

    if (sscanf(text, "routes sequential from %31s count %u plen %u via %31s", first, &count, &length, gateway) != 4)
        return complain("%s", text);
    out = fopen("/tmp/routes", "w");
    for (unsigned int i = 0; i < count; i++) {
        struct in_addr prefix = {htonl(ntohl(inet_addr(first)) + (i << (32 - length)))};

        fprintf(out, "route add %s/%u via %s\n", inet_ntoa(prefix), length, gateway);
    }
    fclose(out);
    run("/bin/ip -batch /tmp/routes");
}

void host_command(const char* text) {
    char word[64];
    double seconds;
    int port;

    if (strncmp(text, "ip ", 3) == 0)
        run("/bin/%s", text);
    else if (strncmp(text, "sysctl ", 7) == 0)
        set_sysctl(text);
    else if (sscanf(text, "dev %63s", word) == 1)
        make_device(word, !strstr(text, "napi=0"));
    else if (strncmp(text, "listen tcp ", 11) == 0)
        listen_tcp(text);
    else if (sscanf(text, "bind udp %63[^:]:%d", word, &port) == 2)
        readers[reader_count++] = bind_socket(SOCK_DGRAM, word, port, false);
    else if (sscanf(text, "connect udp %63[^:]:%d", word, &port) == 2)
        connect_udp(word, port);
    else if (sscanf(text, "bindtodevice %63s", word) == 1)
        setsockopt(last_bound, SOL_SOCKET, SO_BINDTODEVICE, word, strlen(word));
    else if (strcmp(text, "recv all") == 0)
        receive_all();
    else if (strcmp(text, "close conn") == 0 && reader_count)
        close(readers[--reader_count]);
    else if (sscanf(text, "threaded napi on %63s", word) == 1)
        thread_napi(word);
    else if (strncmp(text, "routes ", 7) == 0)
        add_routes(text);
    else if (sscanf(text, "sleep %lf", &seconds) == 1)
        usleep((useconds_t)(seconds * 1e6));
    else if (strncmp(text, "ehash_entries ", 14) != 0) /* tells of the recorded host only */
        say("error unknown step: %s\n", text);
}
