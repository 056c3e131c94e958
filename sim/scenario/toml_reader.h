// Reads the tables of a scenario file and collects what is wrong with them, each with file, line, key, what was found
// and what is allowed.
#pragma once

#define TOML_HEADER_ONLY 0
#define TOML_SHARED_LIB 1
#include <toml++/toml.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/base/address.h"
#include "sim/parameter/parameters.h"

namespace rxpath {

class error_list {
public:
    explicit error_list(std::string file) : m_file(std::move(file)) {}

    // Line 0: not from a line of the file.
    void add(std::uint32_t line, std::string_view key, std::string_view message);
    // A value that is not what it should be.
    void wrong_value(const toml::node& found, std::string_view key, std::string_view allowed);
    std::size_t count() const { return m_errors.size(); }
    // Throws input_error with all of them, by line.
    void throw_if_any();

private:
    struct located_error {
        std::uint32_t line;
        std::string text;
    };
    std::string m_file;
    std::vector<located_error> m_errors;
};

inline std::uint32_t line_of(const toml::node& node) { return node.source().begin.line; }
// The value as the file writes it, shortened: "100", "\"100B\"", "a table".
std::string written(const toml::node& node);
// A scalar's text for a parameter of `kind`; nothing when its TOML type is another.
std::optional<std::string> scalar_text(const toml::node& node, value_kind kind);

// One table: every key of it must be taken by somebody.
class toml_section {
public:
    // `name` is what messages call it: "flow", "nic.nic0"; empty for the file itself.
    toml_section(const toml::table& table, std::string name, error_list& errors)
        : m_table(table), m_name(std::move(name)), m_errors(errors) {}
    // Reports the keys that nobody asked for.
    ~toml_section();
    toml_section(const toml_section&) = delete;
    toml_section& operator=(const toml_section&) = delete;

    std::uint32_t line() const { return line_of(m_table); }
    std::string key_path(std::string_view key) const { return (m_name.empty() ? "" : m_name + ".") + std::string(key); }
    bool has(std::string_view key) const { return m_table.contains(key); }
    // nullptr when the key is not there.
    const toml::node* take(std::string_view key);
    const toml::table* take_table(std::string_view key, std::string_view allowed);
    std::optional<std::string> take_text(std::string_view key, std::string_view allowed);
    std::optional<std::uint64_t> take_count(std::string_view key, std::uint64_t low, std::uint64_t high);
    bool take_flag(std::string_view key);
    std::optional<endpoint> take_endpoint(std::string_view key);
    std::vector<std::pair<std::string, std::uint32_t>> take_texts(std::string_view key);  // with their lines
    // Every key that is a parameter `section`.key, set in `target`.
    // Of a key with a dot, `section`.inner.key, the part before it is a table in this one.
    template <class Target>
    void take_parameters(std::string_view section, Target& target);

private:
    bool read_parameter(const parameter& entry, std::string_view key, value& parsed);

    const toml::table& m_table;
    std::string m_name;
    error_list& m_errors;
    std::set<std::string, std::less<>> m_known;
};

template <class Target>
void set_parameter(const parameter& entry, const value& parsed, Target& target) {
    if constexpr (std::is_same_v<Target, host_spec>) {
        if (std::holds_alternative<by_core_preset>(entry.set)) return set_core_number(target, entry, parsed);
    }
    std::get<void (*)(Target&, const value&)>(entry.set)(target, parsed);
}

template <class Target>
void toml_section::take_parameters(std::string_view section, Target& target) {
    std::map<std::string_view, std::string_view> inner_sections;  // and a parameter of it
    for (const auto& entry : parameters()) {
        if (entry.name.substr(0, section.size()) != section || entry.name.substr(section.size(), 1) != ".") continue;
        const auto key = entry.name.substr(section.size() + 1);
        value parsed;
        if (const auto dot = key.find('.'); dot != std::string_view::npos) {
            inner_sections.emplace(key.substr(0, dot), entry.name);
        } else if (read_parameter(entry, key, parsed)) {
            set_parameter(entry, parsed, target);
        }
    }
    for (const auto& [inner, example] : inner_sections) {
        const auto path = key_path(inner);
        if (const auto* table = take_table(inner, "a table of keys such as " + std::string(example))) {
            toml_section(*table, path, m_errors).take_parameters(path, target);
        }
    }
}

}  // namespace rxpath
