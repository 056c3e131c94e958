#include "models/base/net_device.h"

#include <utility>

namespace rxpath {

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
