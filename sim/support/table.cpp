#include "sim/support/table.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sim/support/text.h"

namespace rxpath {

namespace {

std::string decorated(std::string_view text, bool colour, std::string_view code) {
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

// Characters of UTF-8, each one column wide.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string text_style::bold(std::string_view text) const { return decorated(text, colour, "1"); }
std::string text_style::dim(std::string_view text) const { return decorated(text, colour, "2"); }
std::string text_style::good(std::string_view text) const { return decorated(text, colour, "32"); }
std::string text_style::bad(std::string_view text) const { return decorated(text, colour, "31"); }

text_style style_for(std::FILE* stream) { return {isatty(fileno(stream)) == 1 && std::getenv("NO_COLOR") == nullptr}; }

std::size_t line_width(std::FILE* stream) {
    constexpr std::size_t least = 60, without_terminal = 100;
    const auto* columns = std::getenv("COLUMNS");
    if (const auto given = columns != nullptr ? std::strtoul(columns, nullptr, 10) : 0; given != 0)
        return std::max<std::size_t>(given, least);
    winsize terminal{};
    if (ioctl(fileno(stream), TIOCGWINSZ, &terminal) != 0 || terminal.ws_col == 0) return without_terminal;
    return std::max<std::size_t>(terminal.ws_col, least);
}

void table::row(std::vector<std::string> cells) {
    cells.resize(m_columns.size());
    m_rows.push_back(std::move(cells));
}

void table::rule() { m_rows.emplace_back(); }

std::vector<std::size_t> table::widths() const {
    std::vector<std::size_t> found;
    for (const auto& each : m_columns) found.push_back(width_of(each.header));
    for (const auto& cells : m_rows) {
        for (std::size_t i = 0; i < cells.size(); ++i) found[i] = std::max(found[i], width_of(cells[i]));
    }
    return found;
}

std::string table::line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string space(widths[i] - width_of(cells[i]), ' ');
        if (i != 0) text += "  ";
        text += m_columns[i].align == side::left ? cells[i] + space : space + cells[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string table::text(const text_style& style) const {
    const auto columns = widths();
    std::vector<std::string> headers;
    for (const auto& each : m_columns) headers.push_back(each.header);
    std::size_t total = 0;
    for (const auto width : columns) total += width + 2;
    std::string rule_line;
    for (std::size_t i = 2; i < total; ++i) rule_line += "─";
    auto text = style.bold(line(headers, columns)) + '\n' + style.dim(rule_line) + '\n';
    for (const auto& cells : m_rows) text += (cells.empty() ? style.dim(rule_line) : line(cells, columns)) + '\n';
    return text;
}

std::string bar(double share, std::size_t width) {
    constexpr std::string_view parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (!std::isfinite(share)) return "";
    const auto eighths =
        static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(width) * 8));
    std::string text;
    for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
    return text + std::string(parts[eighths % 8]);
}

std::string short_number(double number) {
    if (!std::isfinite(number)) return "-";
    const auto size = std::abs(number);
    if (size >= 1000) {
        return (number < 0 ? "-" : "") + grouped(static_cast<std::uint64_t>(std::llround(size)));
    }
    if (size == std::floor(size)) return fmt::format("{:.0f}", number);
    return size >= 10 ? fmt::format("{:.1f}", number) : fmt::format("{:.3g}", number);
}

std::string percent(double share) { return std::isfinite(share) ? fmt::format("{:.1f} %", share * 100) : "-"; }

}  // namespace rxpath
