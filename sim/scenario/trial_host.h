// A host's configuration without its machine: tries the commands of a scenario before anything is simulated, and
// answers which addresses are its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "models/base/host_spec.h"

namespace rxpath {

class network_namespace;

class trial_host {
public:
    explicit trial_host(const std::vector<nic_spec>& nics);
    ~trial_host();
    trial_host(const trial_host&) = delete;
    trial_host& operator=(const trial_host&) = delete;

    // Applies a command; answers what is wrong with it.
    std::optional<std::string> try_command(std::string_view command);
    // An address of one of its devices, or 127.0.0.0/8.
    bool owns(ipv4_address address) const;
    // Receives what is sent to it: its own, what the FIB says is local or broadcast, a group that one of its devices is
    // in.
    bool receives(ipv4_address address) const;
    // Passes packets on that are not its own, on any device.
    bool forwards() const;

private:
    std::unique_ptr<network_namespace> m_net;
};

}  // namespace rxpath
