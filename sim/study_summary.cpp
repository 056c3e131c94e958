#include "sim/study_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "models/stage.h"
#include "sim/error.h"
#include "sim/text.h"

namespace rxpath {

namespace {

constexpr std::size_t most_lines = 200;

double number_in(const json& row, const std::string& name) {
    const auto found = row.is_null() ? json() : row.value(name, json());
    return found.is_number() ? found.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

// Cycles of a packet on the receive path, from IP to the socket. What the driver, the interrupt and the reader take
// depends on the load: under it a saving vanishes there.
double path_cycles(const json& row) {
    double cycles = 0;
    for (const auto each :
         {stage::ip_receive, stage::early_demux, stage::routing, stage::ip_deliver, stage::socket_layer})
        cycles += number_in(row, fmt::format("stage.{}.cycles_per_packet", to_string(each)));
    return cycles;
}

// The rows of a study by their points, for savings.
class savings {
public:
    savings(const study& whole, const std::vector<json>& rows) : m_compared(whole.from.compared) {
        for (std::size_t i = 0; i < rows.size(); ++i) m_rows[whole.runs[i].point.name()] = &rows[i];
        m_last = whole.runs.back().point.set;
        m_known = std::any_of(m_last.begin(), m_last.end(), [&](auto& each) { return is_compared(each.name); });
    }

    bool known() const { return m_known; }
    std::string of(const variant& point, const json& row) const {
        const auto& base = *m_rows.at(baseline_of(point).name());
        for (const std::string fate : {"received", "delivered", "forwarded", "consumed", "dropped"})
            if (number_in(row, "packets." + fate) != number_in(base, "packets." + fate)) return "-";
        return short_number(path_cycles(base) - path_cycles(row));
    }

private:
    bool is_compared(const std::string& name) const {
        return std::find(m_compared.begin(), m_compared.end(), name) != m_compared.end();
    }
    variant baseline_of(variant point) const {
        for (std::size_t i = 0; i < point.set.size(); ++i)
            if (is_compared(point.set[i].name)) point.set[i].text = m_last[i].text;
        return point;
    }

    const std::vector<std::string>& m_compared;
    std::map<std::string, const json*> m_rows;
    std::vector<setting> m_last;
    bool m_known = false;
};

}  // namespace

std::string study_summary(const study& whole, const std::vector<json>& rows, const text_style& style) {
    const savings saved(whole, rows);
    std::vector<table::column> columns;
    for (const auto& each : whole.runs.front().point.set) columns.push_back({each.name});
    columns.push_back({"cycles/packet"});
    if (saved.known()) columns.push_back({"saved"});
    for (const auto* name : {"to socket p99 ns", "dropped", "exit"}) columns.push_back({name});
    table out(std::move(columns));
    for (std::size_t i = 0; i < std::min(rows.size(), most_lines); ++i) {
        std::vector<std::string> cells;
        for (const auto& each : whole.runs[i].point.set) cells.push_back(each.text);
        cells.push_back(short_number(number_in(rows[i], "cycles_per_packet")));
        if (saved.known()) cells.push_back(saved.of(whole.runs[i].point, rows[i]));
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
