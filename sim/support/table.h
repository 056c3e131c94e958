// Text tables for terminals and report files: aligned columns, bold headers where colour is wanted.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace rxpath {

// How text may be decorated.
struct text_style {
    bool colour = false;

    std::string bold(std::string_view text) const;
    std::string dim(std::string_view text) const;
    std::string good(std::string_view text) const;  // green
    std::string bad(std::string_view text) const;   // red
};
// Colour when `stream` is a terminal and NO_COLOR is not set.
text_style style_for(std::FILE* stream);

// Characters in a line: COLUMNS of the environment, the terminal's, or 100. Never below 60.
std::size_t line_width(std::FILE* stream);

class table {
public:
    enum class side { left, right };
    struct column {
        std::string header;
        side align = side::right;
    };

    explicit table(std::vector<column> columns) : m_columns(std::move(columns)) {}
    // As many cells as columns, or fewer.
    void row(std::vector<std::string> cells);
    // A line between the rows before and after.
    void rule();
    bool empty() const { return m_rows.empty(); }
    std::string text(const text_style& style) const;

private:
    std::vector<std::size_t> widths() const;
    std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

    std::vector<column> m_columns;
    std::vector<std::vector<std::string>> m_rows;  // no cells: a rule
};

// A bar of `width` characters, filled by `share` (0..1), to an eighth of a character.
std::string bar(double share, std::size_t width);

// 1234.5 as "1,235", 12.34 as "12.3", 0.1234 as "0.123"; "-" when there is none.
std::string short_number(double number);
// 0.1234 as "12.3 %".
std::string percent(double share);

}  // namespace rxpath
