#include "sim/support/sql.h"

#include <sqlite3.h>

namespace rxpath {

namespace {

constexpr int longest_wait_ms = 60'000;

int bind_value(sqlite3_stmt* into, int place, const json& value) {
    if (value.is_number_integer()) return sqlite3_bind_int64(into, place, value.get<std::int64_t>());
    if (value.is_number()) return sqlite3_bind_double(into, place, value.get<double>());
    if (!value.is_string()) return sqlite3_bind_null(into, place);
    const auto& text = value.get_ref<const std::string&>();
    return sqlite3_bind_text(into, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

sqlite3* open(const std::string& file) {
    sqlite3* opened = nullptr;
    const int answer = sqlite3_open(file.c_str(), &opened);
    if (answer == SQLITE_OK) return opened;
    const sql_error error(answer, opened != nullptr ? sqlite3_errmsg(opened) : sqlite3_errstr(answer));
    sqlite3_close(opened);
    throw error;
}

}  // namespace

bool sql_error::is_damage() const { return m_code == SQLITE_CORRUPT; }

sql_statement::sql_statement(sqlite3* database, const std::string& sql, const std::vector<json>& parameters)
    : m_database(database), m_statement(nullptr, &sqlite3_finalize) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &made, nullptr) != SQLITE_OK) fail();
    m_statement.reset(made);
    bind(parameters);
}

void sql_statement::fail() const { throw sql_error(sqlite3_errcode(m_database), sqlite3_errmsg(m_database)); }

void sql_statement::bind(const std::vector<json>& parameters) {
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (bind_value(m_statement.get(), static_cast<int>(i) + 1, parameters[i]) != SQLITE_OK) fail();
}

bool sql_statement::step() {
    const int answer = sqlite3_step(m_statement.get());
    if (answer != SQLITE_ROW && answer != SQLITE_DONE) fail();
    return answer == SQLITE_ROW;
}

void sql_statement::restart(const std::vector<json>& parameters) {
    if (sqlite3_reset(m_statement.get()) != SQLITE_OK) fail();
    bind(parameters);
}

std::size_t sql_statement::columns() const { return static_cast<std::size_t>(sqlite3_data_count(m_statement.get())); }

std::string sql_statement::name(std::size_t column) const {
    const auto* name = sqlite3_column_name(m_statement.get(), static_cast<int>(column));
    if (name == nullptr) fail();
    return name;
}

json sql_statement::value(std::size_t column) const {
    auto* const row = m_statement.get();
    const int place = static_cast<int>(column);
    switch (sqlite3_column_type(row, place)) {
        case SQLITE_INTEGER:
            return static_cast<std::int64_t>(sqlite3_column_int64(row, place));
        case SQLITE_FLOAT:
            return sqlite3_column_double(row, place);
        case SQLITE_NULL:
            return nullptr;
        default:
            break;
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, place));
    if (text == nullptr) fail();
    return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, place)));
}

sql_database::sql_database(const std::string& file) : m_database(open(file), &sqlite3_close) {
    sqlite3_busy_timeout(m_database.get(), longest_wait_ms);
}

sql_statement sql_database::prepare(const std::string& sql, const std::vector<json>& parameters) const {
    return {m_database.get(), sql, parameters};
}

void sql_database::execute(const std::string& sql, const std::vector<json>& parameters) const {
    auto statement = prepare(sql, parameters);
    while (statement.step()) continue;
}

std::vector<json> sql_database::list(const std::string& sql) const {
    std::vector<json> values;
    for (auto statement = prepare(sql); statement.step();) values.push_back(statement.value(0));
    return values;
}

json sql_database::single(const std::string& sql) const {
    const auto values = list(sql);
    return values.empty() ? json(nullptr) : values.front();
}

sql_transaction::sql_transaction(const sql_database& database) : m_database(database) {
    m_database.execute("BEGIN IMMEDIATE");
}

sql_transaction::~sql_transaction() {
    try {
        if (m_open) m_database.execute("ROLLBACK");
    } catch (...) {
        // What failed before has rolled it back, and a destructor has nobody to tell.
    }
}

void sql_transaction::commit() {
    m_database.execute("COMMIT");
    m_open = false;
}

std::string sql_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

}  // namespace rxpath
