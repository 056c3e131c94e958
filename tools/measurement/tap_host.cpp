#include "tools/measurement/tap_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "models/base/store_bytes.h"

namespace rxpath {

namespace {

constexpr std::string_view device = "tap0";
constexpr std::size_t virtio_header = 10;  // sizeof(struct virtio_net_hdr); all zeros: GRO verifies the checksum
constexpr std::size_t ethernet_header = 14;
constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::array<std::uint8_t, 6> host_mac{2, 0, 0, 0, 0, 1}, peer_mac{2, 0, 0, 0, 0, 2};

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

descriptor open_file(const std::string& path, int flags) {
    descriptor file(open(path.c_str(), flags | O_CLOEXEC));
    if (file.get() < 0) fail(path);
    return file;
}

std::string sysctl_path(std::string key) {
    for (auto& each : key) {
        if (each == '.') each = '/';
    }
    return "/proc/sys/" + key;
}

void write_sysctl(const std::string& key, std::string_view value) {
    const auto file = open_file(sysctl_path(key), O_WRONLY);
    if (write(file.get(), value.data(), value.size()) < 0) fail("sysctl " + key);
}

// Runs `ip -batch` on "ip ..." commands.
void run_ip(const std::string& batch) {
    auto* ip = popen("ip -batch -", "we");
    if (ip == nullptr) fail("ip -batch");
    const bool taken = std::fwrite(batch.data(), 1, batch.size(), ip) == batch.size();
    if (pclose(ip) != 0 || !taken) throw std::runtime_error("ip -batch failed; its message stands above");
}

descriptor open_tap() {
    auto tap = open_file("/dev/net/tun", O_RDWR | O_NONBLOCK);
    ifreq request{};
    device.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_flags = static_cast<short>(IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_VNET_HDR);
    if (ioctl(tap.get(), TUNSETIFF, &request) != 0) fail("a TAP device with NAPI");
    return tap;
}

// What the namespace of this process had is not inherited: all that matters is said.
void set_up_device() {
    const auto ipv6 = fmt::format("net.ipv6.conf.{}.disable_ipv6", device);
    if (std::filesystem::exists(sysctl_path(ipv6))) write_sysctl(ipv6, "1");  // it would send on its own
    write_sysctl("net.ipv4.ip_early_demux", "1");
    write_sysctl("net.ipv4.ip_forward", "0");
    run_ip(
        fmt::format("link set lo up\n"
                    "link set {0} address 02:00:00:00:00:01 up\n",
                    device));
}

void apply(const std::vector<std::string>& commands) {
    std::string batch;
    for (const auto& command : commands) {
        if (command.rfind("ip ", 0) == 0) {
            batch += command.substr(3) + '\n';
        } else {
            const auto setting = command.substr(command.find(' ') + 1);
            const auto equals = setting.find('=');
            write_sysctl(setting.substr(0, equals), setting.substr(equals + 1));
        }
    }
    const auto peer = measured_client(0).address.to_string();
    run_ip(batch + fmt::format("neigh add {} lladdr 02:00:00:00:00:02 dev {}\n", peer, device));  // nobody answers ARP
}

}  // namespace

descriptor::~descriptor() {
    if (m_file >= 0) close(m_file);
}

descriptor& descriptor::operator=(descriptor&& other) noexcept {
    std::swap(m_file, other.m_file);
    return *this;
}

tap_host::tap_host(const measured_configuration& configuration) {
    if (unshare(CLONE_NEWNET) != 0) fail("a network namespace");
    m_tap = open_tap();
    set_up_device();
    apply(setup_commands(configuration, device));
    m_early_demux = open_file(sysctl_path("net.ipv4.tcp_early_demux"), O_WRONLY);
}

void tap_host::set_early_demux(bool on) {
    if (pwrite(m_early_demux.get(), on ? "1" : "0", 1, 0) != 1) fail("sysctl net.ipv4.tcp_early_demux");
}

void tap_host::make_frame(const packet& from, std::vector<std::uint8_t>& frame) {
    frame.assign(virtio_header + ethernet_header + from.length.value, 0);
    auto* ethernet = frame.data() + virtio_header;
    std::copy(host_mac.begin(), host_mac.end(), ethernet);
    std::copy(peer_mac.begin(), peer_mac.end(), ethernet + host_mac.size());
    store_be16(ethernet + 12, ethertype_ipv4);
    std::copy(from.bytes.begin(), from.bytes.end(), ethernet + ethernet_header);
}

void tap_host::receive(const std::vector<std::uint8_t>& frame) {
    if (write(m_tap.get(), frame.data(), frame.size()) != static_cast<ssize_t>(frame.size()))
        fail("write() to the TAP");
}

std::vector<std::uint8_t> tap_host::read_sent() {
    std::array<std::uint8_t, 4096> buffer;
    constexpr auto headers = virtio_header + ethernet_header;
    for (;;) {
        const auto size = read(m_tap.get(), buffer.data(), buffer.size());
        if (size < 0) return {};
        if (static_cast<std::size_t>(size) <= headers) continue;
        if (load_be16(buffer.data() + headers - 2) == ethertype_ipv4)
            return {buffer.begin() + headers, buffer.begin() + size};
    }
}

}  // namespace rxpath
