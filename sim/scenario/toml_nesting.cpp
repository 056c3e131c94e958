#include "sim/scenario/toml_nesting.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr std::string_view ends_key = "=,[]{}\n";

// Where the string ends that begins at `begin`: after its last quote, or where the text or, of one line, the line ends.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
    const char quote = text[begin];
    const bool many_lines = text.substr(begin, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
    const auto closing = text.substr(begin, many_lines ? 3 : 1);
    for (auto at = begin + closing.size(); at < text.size(); ++at) {
        if (text[at] == '\\' && quote == '"') {
            ++at;
        } else if (text.substr(at, closing.size()) == closing) {
            return at + closing.size();
        } else if (text[at] == '\n' && !many_lines) {
            return at;
        }
    }
    return text.size();
}

}  // namespace

std::optional<std::uint32_t> line_nested_too_deeply(std::string_view toml) {
    std::uint32_t line = 1, brackets = 0, parts = 1;
    for (std::size_t at = 0; at < toml.size(); ++at) {
        const char c = toml[at];
        if (c == '"' || c == '\'') {
            const auto end = end_of_string(toml, at);
            line += static_cast<std::uint32_t>(std::count(toml.begin() + static_cast<std::ptrdiff_t>(at),
                                                          toml.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
            at = end - 1;
            continue;
        }
        if (c == '#') at = std::min(toml.find('\n', at), toml.size()) - 1;
        if (c == '\n') ++line;
        if (c == '[' || c == '{') ++brackets;
        if ((c == ']' || c == '}') && brackets > 0) --brackets;
        if (c == '.') ++parts;
        if (ends_key.find(c) != std::string_view::npos) parts = 1;
        if (brackets > most_toml_nesting || parts > most_toml_nesting) return line;
    }
    return {};
}

}  // namespace rxpath
