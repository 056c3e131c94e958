// SQLite, with every answer looked at: an error is an exception, wherever it occurs.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace rxpath {

using json = nlohmann::ordered_json;

class sql_error : public std::runtime_error {
public:
    sql_error(int code, const std::string& message) : std::runtime_error(message), m_code(code) {}
    int code() const { return m_code; }  // SQLITE_CORRUPT ...
    // The file's content is not what SQLite wrote.
    bool is_damage() const;

private:
    int m_code;
};

// One statement; its parameters are bound, never written into it. A number, a text or null.
class sql_statement {
public:
    sql_statement(sqlite3* database, const std::string& sql, const std::vector<json>& parameters = {});

    // To the next row; false when there is none.
    bool step();
    // From the beginning, with other parameters.
    void restart(const std::vector<json>& parameters);
    // Of the row that step() came to.
    std::size_t columns() const;
    std::string name(std::size_t column) const;
    json value(std::size_t column) const;

private:
    void bind(const std::vector<json>& parameters);
    [[noreturn]] void fail() const;

    sqlite3* m_database;
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> m_statement;
};

class sql_database {
public:
    // Opens or makes the file. Waits up to a minute for others that write.
    explicit sql_database(const std::string& file);

    sql_statement prepare(const std::string& sql, const std::vector<json>& parameters = {}) const;
    void execute(const std::string& sql, const std::vector<json>& parameters = {}) const;
    // The first column of all rows, and of the first.
    std::vector<json> list(const std::string& sql) const;
    json single(const std::string& sql) const;

private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> m_database;
};

// Writing, alone in the database: all of it, with commit(), or nothing.
class sql_transaction {
public:
    explicit sql_transaction(const sql_database& database);
    ~sql_transaction();
    sql_transaction(const sql_transaction&) = delete;
    sql_transaction& operator=(const sql_transaction&) = delete;

    void commit();

private:
    const sql_database& m_database;
    bool m_open = true;
};

// A name as SQL writes it, whatever is in it.
std::string sql_name(std::string_view name);

}  // namespace rxpath
