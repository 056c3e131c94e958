#include "sim/study/study_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/support/error.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr std::size_t most_lines = 200;

double number_in(const json& row, const std::string& name) {
    const auto found = row.is_null() ? json() : row.value(name, json());
    return found.is_number() ? found.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::string study_summary(const study& whole, const std::vector<json>& rows, const text_style& style) {
    std::vector<table::column> columns;
    for (const auto& each : whole.runs.front().point.set) columns.push_back({each.name});
    columns.push_back({"cycles/packet"});
    for (const auto* name : {"to socket p99 ns", "dropped", "exit"}) columns.push_back({name});
    table out(std::move(columns));
    for (std::size_t i = 0; i < std::min(rows.size(), most_lines); ++i) {
        std::vector<std::string> cells;
        for (const auto& each : whole.runs[i].point.set) cells.push_back(each.text);
        cells.push_back(short_number(number_in(rows[i], "cycles_per_packet")));
        cells.push_back(short_number(number_in(rows[i], "latency.wire_to_socket.p99_ns")));
        cells.push_back(short_number(number_in(rows[i], "packets.dropped")));
        cells.push_back(std::to_string(rows[i].is_null() ? exit_status::incomplete : exit_status::done));
        out.row(std::move(cells));
    }
    const auto more = rows.size() > most_lines
                          ? fmt::format("and {} points more, in the database\n", grouped(rows.size() - most_lines))
                          : "";
    return out.text(style) + more;
}

}  // namespace rxpath
