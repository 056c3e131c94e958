#include "models/base/net_device.h"

#include <algorithm>
#include <utility>

namespace rxpath {

namespace {

constexpr std::size_t ifnamsiz = 16;  // with the zero at its end

// The kernel's isspace(): ASCII's, and the no-break space of Latin 1.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || static_cast<unsigned char>(c) == 0xa0; }

}  // namespace

bool dev_valid_name(std::string_view name) {
    if (name.empty() || name.size() >= ifnamsiz) return false;
    for (const std::string_view taken : {".", "..", "all", "default", "lo"})
        if (name == taken) return false;
    return std::none_of(name.begin(), name.end(),
                        [](char c) { return c == '/' || c == ':' || c == '\0' || is_space(c); });
}

net_device& device_list::add(std::string name) {
    auto device = std::make_unique<net_device>();
    device->ifindex = static_cast<int>(m_devices.size()) + 1;
    device->name = std::move(name);
    device->nd_net = m_net;
    m_devices.push_back(std::move(device));
    return *m_devices.back();
}

net_device* device_list::by_name(std::string_view name) const {
    for (const auto& device : m_devices)
        if (device->name == name) return device.get();
    return nullptr;
}

net_device* device_list::by_index(int ifindex) const {
    const bool known = ifindex >= 1 && static_cast<std::size_t>(ifindex) <= m_devices.size();
    return known ? m_devices[static_cast<std::size_t>(ifindex) - 1].get() : nullptr;
}

}  // namespace rxpath
