// Reads a command's words one after another, and says what was wrong with one: what was found, what is allowed.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "models/base/address.h"
#include "models/base/net_device.h"

namespace rxpath {

// Why a command was refused; thrown inside the parser only, answered as text outside.
struct command_error {
    std::string text;
};

class command_words {
public:
    explicit command_words(std::string_view text) {
        for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string_view::npos;) {
            const auto end = std::min(text.find_first_of(" \t", at), text.size());
            m_words.push_back(text.substr(at, end - at));
            at = end;
        }
    }

    bool done() const { return m_next == m_words.size(); }
    std::string_view peek() const { return done() ? std::string_view{} : m_words[m_next]; }
    // The next word, when it is this one, is used up.
    bool take(std::string_view word) {
        const bool same = peek() == word;
        if (same) ++m_next;
        return same;
    }
    std::string_view next(std::string_view what) {
        if (done()) throw command_error{fmt::format("{} is missing at the end", what)};
        return m_words[m_next++];
    }
    // A whole number; decimal, or hexadecimal after 0x.
    std::uint32_t number(std::string_view what, std::uint32_t least, std::uint32_t most) {
        const auto word = next(what);
        const bool hexadecimal = word.substr(0, 2) == "0x";
        const auto digits = hexadecimal ? word.substr(2) : word;
        std::uint32_t value = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
        if (error != std::errc{} || end != digits.data() + digits.size() || value < least || value > most)
            throw command_error{fmt::format("{} '{}' is no number from {} to {}", what, word, least, most)};
        return value;
    }
    ipv4_address address(std::string_view what) {
        const auto word = next(what);
        const auto address = parse_ipv4_address(word);
        if (!address) throw command_error{fmt::format("{} '{}' is no IPv4 address such as 10.0.0.1", what, word)};
        return *address;
    }
    ipv4_prefix prefix(std::string_view what) {
        const auto word = next(what);
        const auto prefix = parse_ipv4_prefix(word == "all" || word == "any" ? "default" : word);
        if (!prefix)
            throw command_error{fmt::format("{} '{}' is no prefix such as 10.0.0.0/24 or default", what, word)};
        return *prefix;
    }
    net_device& device(const device_list& devices) {
        const auto name = next("device");
        if (auto* device = devices.by_name(name)) return *device;
        std::string known;
        for (const auto& device : devices.all()) known += (known.empty() ? "" : ", ") + device->name;
        throw command_error{fmt::format("there is no device '{}'; devices are {}", name, known)};
    }
    // All words must be used up by now.
    void expect_end() const {
        if (!done()) throw command_error{fmt::format("'{}' is not understood here", peek())};
    }

private:
    std::vector<std::string_view> m_words;
    std::size_t m_next = 0;
};

}  // namespace rxpath
