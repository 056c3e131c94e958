#include "sim/scenario/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "sim/support/error.h"
#include "sim/support/text.h"

namespace rxpath {

void error_list::add(std::uint32_t line, std::string_view key, std::string_view message) {
    const auto place = line == 0 ? m_file : fmt::format("{}:{}", m_file, line);
    m_errors.push_back({line, fmt::format("{}: {}: {}", place, key, message)});
}

void error_list::wrong_value(const toml::node& found, std::string_view key, std::string_view allowed) {
    add(line_of(found), key, fmt::format("found {}, allowed: {}", written(found), allowed));
}

void error_list::throw_if_any() {
    if (m_errors.empty()) return;
    std::stable_sort(m_errors.begin(), m_errors.end(), [](auto& a, auto& b) { return a.line < b.line; });
    std::vector<std::string> texts;
    for (auto& error : m_errors) texts.push_back(std::move(error.text));
    throw input_error(std::move(texts));
}

std::string written(const toml::node& node) {
    if (node.is_table()) return "a table";
    if (node.is_array()) return "an array";
    std::ostringstream text;
    node.visit([&](const auto& concrete) { text << concrete; });
    return node.is_string() ? fmt::format("\"{}\"", node.value_or(std::string{})) : text.str();
}

std::optional<std::string> scalar_text(const toml::node& node, value_kind kind) {
    switch (kind) {
        case value_kind::integer:
            if (const auto* number = node.as_integer()) return std::to_string(number->get());
            return {};
        case value_kind::real:
            if (node.is_number()) return fmt::format("{}", node.value<double>().value_or(0));
            return {};
        case value_kind::boolean:
            if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
            return {};
        default:
            return node.value_exact<std::string>();
    }
}

toml_section::~toml_section() {
    for (const auto& [key, node] : m_table) {
        if (m_known.count(key.str()) != 0) continue;
        m_errors.add(key.source().begin.line, key_path(key.str()),
                     "no such key" + did_you_mean(key.str(), {m_known.begin(), m_known.end()}));
    }
}

const toml::node* toml_section::take(std::string_view key) {
    m_known.emplace(key);
    return m_table.get(key);
}

const toml::table* toml_section::take_table(std::string_view key, std::string_view allowed) {
    const auto* node = take(key);
    if (node && !node->is_table()) m_errors.wrong_value(*node, key_path(key), allowed);
    return node ? node->as_table() : nullptr;
}

std::optional<std::string> toml_section::take_text(std::string_view key, std::string_view allowed) {
    const auto* node = take(key);
    if (!node) return {};
    if (!node->is_string()) m_errors.wrong_value(*node, key_path(key), allowed);
    return node->value_exact<std::string>();
}

std::optional<std::uint64_t> toml_section::take_count(std::string_view key, std::uint64_t low, std::uint64_t high) {
    const auto* node = take(key);
    if (!node) return {};
    const auto found = node->value_exact<std::int64_t>();
    if (found && *found >= 0 && static_cast<std::uint64_t>(*found) >= low &&
        static_cast<std::uint64_t>(*found) <= high) {
        return static_cast<std::uint64_t>(*found);
    }
    m_errors.wrong_value(*node, key_path(key), fmt::format("a whole number, {} to {}", low, high));
    return {};
}

bool toml_section::take_flag(std::string_view key) {
    const auto* node = take(key);
    if (!node) return false;
    if (!node->is_boolean()) m_errors.wrong_value(*node, key_path(key), "true or false");
    return node->value_or(false);
}

std::optional<endpoint> toml_section::take_endpoint(std::string_view key) {
    const auto* node = take(key);
    if (!node) return {};
    const auto text = node->value_exact<std::string>();
    const auto parsed = text ? parse_endpoint(*text) : std::nullopt;
    if (!parsed) m_errors.wrong_value(*node, key_path(key), "an address and a port such as \"10.0.0.1:80\"");
    return parsed;
}

std::vector<std::pair<std::string, std::uint32_t>> toml_section::take_texts(std::string_view key) {
    const auto* node = take(key);
    if (!node) return {};
    const auto* array = node->as_array();
    if (!array) {
        m_errors.wrong_value(*node, key_path(key), "an array of texts");
        return {};
    }
    std::vector<std::pair<std::string, std::uint32_t>> texts;
    for (const auto& element : *array) {
        const auto text = element.value_exact<std::string>();
        if (text) texts.emplace_back(*text, line_of(element));
        if (!text) m_errors.wrong_value(element, key_path(key), "texts only");
    }
    return texts;
}

bool toml_section::read_parameter(const parameter& entry, std::string_view key, value& parsed) {
    const auto* node = take(key);
    if (!node) return false;
    const auto text = scalar_text(*node, entry.kind);
    if (text && entry.not_modelled.empty() && parse_value(entry, *text, parsed)) return true;
    m_errors.wrong_value(*node, key_path(key), describe_allowed(entry));
    return false;
}

}  // namespace rxpath
