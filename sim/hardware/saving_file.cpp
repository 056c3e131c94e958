#include "sim/hardware/saving_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "sim/support/error.h"
#include "sim/support/input_file.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr double most_ticks = 1e12;
constexpr double most_runs = 1e6;

// A column: its numbers, and where they go.
struct column {
    std::string_view name;
    double least, most;
    bool whole;
    void (*set)(saving_row&, double);
};

template <double saving_row::*member>
void set_number(saving_row& row, double number) {
    row.*member = number;
}

const std::vector<column>& result_columns() {
    constexpr double least_time = 1e-6;  // zero would be divided by
    static const std::vector<column> columns{
        {"off_tsc", least_time, most_ticks, false, set_number<&saving_row::off_tsc>},
        {"on_tsc", least_time, most_ticks, false, set_number<&saving_row::on_tsc>},
        {"saved_p10", -most_ticks, most_ticks, false, set_number<&saving_row::saved_p10>},
        {"saved_p50", -most_ticks, most_ticks, false, set_number<&saving_row::saved_p50>},
        {"saved_p90", -most_ticks, most_ticks, false, set_number<&saving_row::saved_p90>},
        {"tsc_per_core_cycle", 0.001, 1000, false, set_number<&saving_row::tsc_per_core_cycle>},
    };
    return columns;
}

std::vector<std::string_view> column_names() {
    std::vector<std::string_view> names{"run"};
    for (const auto& each : configuration_columns()) names.push_back(each.name);
    for (const auto& each : result_columns()) names.push_back(each.name);
    return names;
}

std::vector<std::string> cells_of(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return split(line, ',');
}

// Reads one text, collecting what is wrong.
class reader {
public:
    explicit reader(std::string name) : m_name(std::move(name)) {}

    std::vector<saving_row> read(const std::string& text) {
        auto lines = split(text, '\n');
        if (!lines.empty() && lines.back().empty()) lines.pop_back();
        read_header(lines.empty() ? std::string() : lines.front());
        throw_if_any();
        std::vector<saving_row> rows;
        for (std::size_t i = 1; i < lines.size(); ++i) read_row(i + 1, cells_of(lines[i]), rows);
        if (rows.empty() && m_errors.empty())
            wrong(lines.size(), "found no rows, allowed: one or more below the header");
        throw_if_any();
        return rows;
    }

private:
    void wrong(std::size_t line, std::string_view message) {
        m_errors.push_back(fmt::format("{}:{}: {}", m_name, line, message));
    }
    void throw_if_any() const {
        if (!m_errors.empty()) throw input_error(m_errors);
    }

    void read_header(const std::string& line) {
        m_header = cells_of(line);
        const auto known = column_names();
        for (std::size_t i = 0; i < m_header.size(); ++i) {
            const auto& found = m_header[i];
            if (std::find(known.begin(), known.end(), found) == known.end()) {
                wrong(1, fmt::format("column {}: found \"{}\", allowed: {}{}", i + 1, found, fmt::join(known, ", "),
                                     did_you_mean(found, known)));
            } else if (!m_place.emplace(found, i).second) {
                wrong(1, fmt::format("column {}: found \"{}\" a second time", i + 1, found));
            }
        }
        for (const auto name : known) {
            if (m_place.count(std::string(name)) == 0) wrong(1, fmt::format("missing: a column {}", name));
        }
    }

    void read_row(std::size_t line, const std::vector<std::string>& cells, std::vector<saving_row>& rows) {
        if (cells.size() != m_header.size()) {
            wrong(line,
                  fmt::format("found {} values, allowed: {}, one for each column", cells.size(), m_header.size()));
            return;
        }
        const auto errors_before = m_errors.size();
        saving_row row;
        row.line = line;
        const auto number = [&](std::string_view name, double least, double most, bool whole) {
            return parse(line, name, cells[m_place.at(std::string(name))], least, most, whole);
        };
        row.run = static_cast<std::uint32_t>(number("run", 1, most_runs, true));
        for (const auto& each : configuration_columns()) {
            row.host.*each.value = static_cast<std::uint32_t>(number(each.name, each.least, each.most, true));
        }
        for (const auto& each : result_columns()) each.set(row, number(each.name, each.least, each.most, each.whole));
        if (m_errors.size() > errors_before) return;
        for (const auto& other : rows) {
            if (other.run == row.run && other.host == row.host) {
                wrong(line, fmt::format("found {} a second time in run {}", to_string(row.host), row.run));
                return;
            }
        }
        rows.push_back(row);
    }

    // The least allowed number where the text is none.
    double parse(std::size_t line, std::string_view name, const std::string& text, double least, double most,
                 bool whole) {
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        const bool plain = !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos &&
                           end == text.c_str() + text.size();
        if (plain && number >= least && number <= most && (!whole || number == std::floor(number))) return number;
        wrong(line, fmt::format("{}: found \"{}\", allowed: {} {:g} to {:g}", name, text,
                                whole ? "a whole number," : "a number,", least, most));
        return least;
    }

    std::string m_name;
    std::vector<std::string> m_header;
    std::map<std::string, std::size_t> m_place;
    std::vector<std::string> m_errors;
};

}  // namespace

std::vector<saving_row> parse_savings(const std::string& text, const std::string& name) {
    return reader(name).read(text);
}

std::vector<saving_row> read_saving_file(const std::string& file) {
    return parse_savings(read_input_file(file, most_bytes_of::measurement), file);
}

std::string to_csv(const std::vector<saving_row>& rows) {
    auto text = fmt::format("{}\n", fmt::join(column_names(), ","));
    for (const auto& row : rows) {
        text += std::to_string(row.run);
        for (const auto& each : configuration_columns()) text += fmt::format(",{}", row.host.*each.value);
        text += fmt::format(",{:.0f},{:.0f},{:.0f},{:.0f},{:.0f},{:.4f}\n", row.off_tsc, row.on_tsc, row.saved_p10,
                            row.saved_p50, row.saved_p90, row.tsc_per_core_cycle);
    }
    return text;
}

}  // namespace rxpath
