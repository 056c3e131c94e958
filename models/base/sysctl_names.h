// The settings of sysctl_ipv4 and ipv4_devconf by their names below net.ipv4. and net.ipv4.conf.<device>.
#pragma once

#include <string>
#include <string_view>

#include "models/base/sysctl_ipv4.h"

namespace rxpath {

// The setting of this name, or nothing.
int* find_sysctl(sysctl_ipv4& sysctls, std::string_view name);
int* find_devconf(ipv4_devconf& conf, std::string_view name);
// All names, for error texts.
std::string sysctl_names();
std::string devconf_names();

}  // namespace rxpath
