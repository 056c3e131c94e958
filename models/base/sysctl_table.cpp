#include "models/base/sysctl_table.h"

#include <algorithm>
#include <charconv>

namespace rxpath {

extern const char* const built_in_sysctls;  // the text of sysctls.csv

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\"'";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What is before the separator; `text` keeps what is behind it.
std::string_view cut(std::string_view& text, std::string_view separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto head = text.substr(0, end);
    text.remove_prefix(std::min(end + separator.size(), text.size()));
    return head;
}

bool matches(std::string_view pattern, std::string_view key) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == key;
    if (key.substr(0, star) != pattern.substr(0, star)) return false;
    const auto rest = pattern.substr(star + 1);
    for (auto at = star; at <= key.size(); ++at)
        if (matches(rest, key.substr(at))) return true;
    return false;
}

// Has the text a number, and are all of them at least so large?
bool numbers_reach(std::string_view text, long long least) {
    bool any = false;
    for (auto at = text.data(), end = at + text.size(); at != end;) {
        if (*at == ' ' || *at == '\t') {
            ++at;
            continue;
        }
        long long number = 0;
        const auto [behind, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || number < least) return false;
        at = behind;
        any = true;
    }
    return any;
}

std::vector<unmodelled_sysctl> parse_rows(std::string_view text) {
    std::vector<unmodelled_sysctl> rows;
    cut(text, "\n");  // the names of the columns
    while (!text.empty()) {
        auto line = cut(text, "\n");
        if (line.empty() || line[0] == '#') continue;
        const auto pattern = cut(line, ","), values = cut(line, ",");
        rows.push_back({std::string(pattern), std::string(values), std::string(line)});
    }
    return rows;
}

}  // namespace

std::optional<sysctl_setting> parse_sysctl(std::string_view command) {
    if (cut(command, " ") != "sysctl") return std::nullopt;
    command = trimmed(command);
    while (command.substr(0, 1) == "-") cut(command, " ");
    const auto equals = command.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    sysctl_setting found{std::string(trimmed(command.substr(0, equals))),
                         std::string(trimmed(command.substr(equals + 1)))};
    if (found.key.find_first_of("./") != std::string::npos && found.key[found.key.find_first_of("./")] == '/')
        for (auto& character : found.key) character = character == '/' ? '.' : character == '.' ? '/' : character;
    return found;
}

bool unmodelled_sysctl::takes(std::string_view value) const {
    if (values == "any") return true;
    std::string_view allowed = values;
    if (allowed.substr(0, 2) == ">=") return numbers_reach(value, std::stoll(values.substr(2)));
    while (!allowed.empty())
        if (trimmed(cut(allowed, "|")) == value) return true;
    return false;
}

const std::vector<unmodelled_sysctl>& unmodelled_sysctls() {
    static const auto rows = parse_rows(built_in_sysctls);
    return rows;
}

const unmodelled_sysctl* find_unmodelled_sysctl(std::string_view key) {
    const auto& rows = unmodelled_sysctls();
    const auto found =
        std::find_if(rows.begin(), rows.end(), [key](const auto& row) { return matches(row.pattern, key); });
    return found != rows.end() ? &*found : nullptr;
}

}  // namespace rxpath
