// Sysctls that are not modelled: which a scenario or a case may still set, and why (models/base/sysctls.csv).
//
// Some cannot change what the model says, and any value is taken. Others could, and are taken only with the values that
// mean what is modelled, among them the kernel's default: so the settings of a real machine (`sysctl -a`) can be used
// as they are, and what would be ignored though it matters is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rxpath {

// "KEY=VALUE".
struct sysctl_setting {
    std::string key, value;
};

// "sysctl [-w|-q] KEY=VALUE", with or without quotes and blanks around "=", KEY with dots or as a path below /proc/sys.
// Nothing when the command is no such one.
std::optional<sysctl_setting> parse_sysctl(std::string_view command);

struct unmodelled_sysctl {
    std::string pattern;  // of keys; * stands for any characters
    std::string values;   // "any", "A | B", or ">=N" for each number of the value
    std::string reason;   // why it changes nothing, or what holds instead

    bool takes(std::string_view value) const;
};

const std::vector<unmodelled_sysctl>& unmodelled_sysctls();
// The first row that matches the key; null when none does.
const unmodelled_sysctl* find_unmodelled_sysctl(std::string_view key);

}  // namespace rxpath
