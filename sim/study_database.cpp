#include "sim/study_database.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

#include "sim/error.h"

namespace rxpath {

namespace {

using statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

statement prepare(sqlite3* database, const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &made, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(database));
    }
    return {made, &sqlite3_finalize};
}

// The name of a column: dots are fine between quotes.
std::string column(std::string_view name) { return fmt::format("\"{}\"", name); }

void bind_value(sqlite3_stmt* into, int place, const json& value) {
    if (value.is_number_unsigned()) {
        sqlite3_bind_int64(into, place, value.get<std::int64_t>());
    } else if (value.is_number()) {
        sqlite3_bind_double(into, place, value.get<double>());
    } else if (value.is_string()) {
        sqlite3_bind_text(into, place, value.get_ref<const std::string&>().c_str(), -1, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_null(into, place);
    }
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string escaped;
    for (const char c : text) escaped += c == '"' ? "\"\"" : std::string(1, c);
    return '"' + escaped + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
    std::vector<std::string> fields;
    for (const auto& cell : cells) fields.push_back(csv_field(cell));
    return fmt::format("{}\n", fmt::join(fields, ","));
}

sqlite3* open(const std::string& file) {
    sqlite3* opened = nullptr;
    sqlite3_open(file.c_str(), &opened);
    return opened;
}

}  // namespace

study_database::study_database(const std::string& file) : m_database(open(file), &sqlite3_close) {
    sqlite3_busy_timeout(m_database.get(), 10'000);
    try {
        execute("CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, scenario TEXT, seed INTEGER)");
        execute("BEGIN IMMEDIATE; ROLLBACK");  // may it be written?
    } catch (const std::runtime_error& error) {
        throw input_error(fmt::format("{}: cannot be used as a database: {}", file, error.what()));
    }
}

void study_database::execute(const std::string& sql) const {
    if (sqlite3_exec(m_database.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(m_database.get()));
    }
}

std::vector<std::vector<std::string>> study_database::query(const std::string& sql,
                                                            const std::string& parameter) const {
    const auto asked = prepare(m_database.get(), sql);
    if (!parameter.empty()) sqlite3_bind_text(asked.get(), 1, parameter.c_str(), -1, SQLITE_TRANSIENT);
    const auto columns = sqlite3_column_count(asked.get());
    std::vector<std::vector<std::string>> rows(1);
    for (int i = 0; i < columns; ++i) rows[0].emplace_back(sqlite3_column_name(asked.get(), i));
    while (sqlite3_step(asked.get()) == SQLITE_ROW) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < columns; ++i) {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(asked.get(), i));
            row.emplace_back(text ? text : "");
        }
    }
    return rows;
}

std::set<std::string> study_database::finished_keys() const {
    std::set<std::string> keys;
    const auto rows = query("SELECT key FROM runs");
    for (std::size_t i = 1; i < rows.size(); ++i) keys.insert(rows[i][0]);
    return keys;
}

void study_database::add_columns(const std::vector<std::string>& names) {
    const auto known = query("SELECT * FROM runs LIMIT 0").front();
    for (const auto& name : names) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        execute("ALTER TABLE runs ADD COLUMN " + column(name));
    }
}

void study_database::add(const study_row& row) {
    std::vector<std::string> names{"key", "scenario", "seed"};
    std::vector<json> values{row.key, row.scenario, row.seed};
    for (const auto& each : row.set) {
        names.push_back(each.name);
        values.emplace_back(each.text);
    }
    for (const auto& [name, value] : row.statistics.items()) {
        names.push_back(name);
        values.push_back(value);
    }
    execute("BEGIN IMMEDIATE");
    add_columns(names);
    std::vector<std::string> columns, places(names.size(), "?");
    for (const auto& name : names) columns.push_back(column(name));
    const auto insert = prepare(m_database.get(), fmt::format("INSERT OR REPLACE INTO runs ({}) VALUES ({})",
                                                              fmt::join(columns, ","), fmt::join(places, ",")));
    for (std::size_t i = 0; i < values.size(); ++i) bind_value(insert.get(), static_cast<int>(i) + 1, values[i]);
    if (sqlite3_step(insert.get()) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(m_database.get()));
    execute("COMMIT");
}

std::string study_database::csv(const std::vector<std::string>& keys) const {
    std::string text;
    for (const auto& key : keys) {
        const auto rows = query("SELECT * FROM runs WHERE key = ?", key);
        if (text.empty()) text = csv_line(rows[0]);
        if (rows.size() > 1) text += csv_line(rows[1]);
    }
    return text;
}

}  // namespace rxpath
