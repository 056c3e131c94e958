// A network namespace of this process's own with a TAP device in it, which plays the NIC: what is written to it is
// received through NAPI and GRO, what the kernel sends is read from it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/sk_buff.h"
#include "sim/hardware/measured_configuration.h"

namespace rxpath {

// A file descriptor that is closed at its end.
class descriptor {
public:
    explicit descriptor(int file = -1) : m_file(file) {}
    ~descriptor();
    descriptor(descriptor&& other) noexcept : m_file(other.m_file) { other.m_file = -1; }
    descriptor& operator=(descriptor&& other) noexcept;
    int get() const { return m_file; }

private:
    int m_file;
};

class tap_host {
public:
    // Leaves the namespace that this process is in. Throws std::runtime_error where that or a TAP device is not
    // allowed.
    explicit tap_host(const measured_configuration& configuration);

    // net.ipv4.tcp_early_demux
    void set_early_demux(bool on);
    // A frame as write() takes it: virtio header, Ethernet header, packet with a payload of zeros.
    static void make_frame(const packet& from, std::vector<std::uint8_t>& frame);
    // Sends it through the stack, to the end of its softirq.
    void receive(const std::vector<std::uint8_t>& frame);
    // The oldest IPv4 packet that the kernel has sent and nobody has read; empty when there is none.
    std::vector<std::uint8_t> read_sent();

private:
    descriptor m_tap, m_early_demux;
};

}  // namespace rxpath
