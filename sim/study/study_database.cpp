#include "sim/study/study_database.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "sim/support/error.h"
#include "sim/support/interruption.h"
#include "sim/support/text.h"

namespace rxpath {

namespace fs = std::filesystem;

namespace {

constexpr int application_id = 0x72787031;  // "rxp1": rxpath's, with the tables below
const std::vector<std::string> common_columns{"key",     "scenario", "scenario_hash", "settings", "profile",
                                              "program", "code",     "date",          "seed"};
const std::string checksum_column = "checksum";

// Of all that a row says; columns that were added for others are null in it.
std::string checksum_of(const json& row) {
    std::set<std::string> said;
    for (const auto& [name, value] : row.items())
        if (!value.is_null() && name != checksum_column) said.insert(fmt::format("{}={}", name, value.dump()));
    return fingerprint(fmt::format("{}", fmt::join(said, "\n")));
}

std::string csv_field(const json& value) {
    if (value.is_null()) return "";
    if (!value.is_string()) return value.dump();
    const auto& text = value.get_ref<const std::string&>();
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    return sql_name(text);  // CSV quotes as SQL does
}

// A file that was a database once: its beginning or its tables are there.
bool was_database(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(stream), {});
    return content.compare(0, 13, "SQLite format") == 0 || content.find("CREATE TABLE runs") != std::string::npos;
}

// A path that SQLite takes for nothing else.
std::string checked(const std::string& file) {
    const auto refuse = [&](std::string_view why) {
        throw input_error(fmt::format("{}: cannot be used as a database: {}", file, why));
    };
    if (file.empty() || file == "-") refuse("allowed: the name of a file");
    std::error_code error;
    const auto found = fs::status(file, error);
    if (fs::exists(found) && !fs::is_regular_file(found)) refuse("it is no regular file");
    return fs::absolute(file).string();
}

sql_database open(const std::string& file) {
    try {
        return sql_database(checked(file));
    } catch (const sql_error& error) {
        throw input_error(fmt::format("{}: cannot be used as a database: {}", file, error.what()));
    }
}

bool is_misuse(int code) {
    return code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_AUTH ||
           code == SQLITE_NOTADB;
}

}  // namespace

template <class Work>
auto study_database::guarded(Work work) const {
    try {
        return work();
    } catch (const sql_error& error) {
        if (error.is_damage() || (error.code() == SQLITE_NOTADB && was_database(m_file))) is_damaged(error.what());
        const auto message = fmt::format("{}: cannot be used as a database: {}", m_file, error.what());
        if (is_misuse(error.code())) throw input_error(message);
        throw std::runtime_error(message);
    }
}

void study_database::is_damaged(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: the database is damaged: {}", m_file, why));
}

study_database::study_database(const std::string& file) : m_file(file), m_database(open(file)) {
    guarded([this] {
        check_pages();
        prepare_tables();
        check_rows();
    });
}

void study_database::check_pages() const {
    auto found = m_database.single("PRAGMA integrity_check(1)").get<std::string>();
    std::replace(found.begin(), found.end(), '\n', ' ');
    if (found != "ok") is_damaged(found);
}

void study_database::check_rows() const {
    finished_keys();
    for (auto columns = m_database.prepare("SELECT * FROM columns"); columns.step();) read(columns);
    for (auto texts = m_database.prepare("SELECT hash, text FROM scenarios"); texts.step();)
        if (texts.value(0) != fingerprint(texts.value(1).get<std::string>())) is_damaged("a scenario's text");
}

void study_database::prepare_tables() {
    sql_transaction whole(m_database);  // may it be written?
    const auto id = m_database.single("PRAGMA application_id");
    if (id == application_id) return;
    if (id != 0 || m_database.single("SELECT count(*) FROM sqlite_schema") != 0) {
        throw input_error(m_file +
                          ": cannot be used as a database: it holds something else, or an older rxpath made it; "
                          "allowed: a new file, or one of this version's");
    }
    const signals_held undisturbed;
    m_database.execute(fmt::format("PRAGMA application_id = {}", application_id));
    m_database.execute(
        "CREATE TABLE runs (key TEXT PRIMARY KEY, scenario TEXT, scenario_hash TEXT, settings TEXT, profile TEXT, "
        "program TEXT, code TEXT, date TEXT, seed INTEGER, checksum TEXT)");
    m_database.execute("CREATE TABLE scenarios (hash TEXT PRIMARY KEY, text TEXT)");
    m_database.execute("CREATE TABLE columns (name TEXT PRIMARY KEY, kind TEXT, unit TEXT, help TEXT, checksum TEXT)");
    whole.commit();
}

json study_database::read(const sql_statement& row) const {
    auto found = json::object();
    for (std::size_t i = 0; i < row.columns(); ++i) found[row.name(i)] = row.value(i);
    if (found.value(checksum_column, json()) != checksum_of(found)) is_damaged("what is in it is not what was written");
    return found;
}

std::set<std::string> study_database::finished_keys() const {
    return guarded([this] {
        std::set<std::string> keys;
        for (auto rows = m_database.prepare("SELECT * FROM runs"); rows.step();) keys.insert(read(rows).at("key"));
        return keys;
    });
}

void study_database::add_columns(const std::vector<study_column>& wanted) {
    std::map<std::string, std::string> known;  // and their units
    for (auto columns = m_database.prepare("SELECT name, unit FROM columns"); columns.step();)
        known[columns.value(0).get<std::string>()] = columns.value(1).get<std::string>();
    for (const auto& each : wanted) {
        const auto found = known.emplace(each.name, each.unit);
        if (!found.second && found.first->second != each.unit) {
            throw std::runtime_error(fmt::format("{}: {} is in \"{}\" there, in \"{}\" here; use another database",
                                                 m_file, each.name, found.first->second, each.unit));
        }
        if (!found.second) continue;
        m_database.execute("ALTER TABLE runs ADD COLUMN " + sql_name(each.name));
        const json row{{"name", each.name},
                       {"kind", each.is_setting ? "setting" : "statistic"},
                       {"unit", each.unit},
                       {"help", each.help}};
        m_database.execute("INSERT INTO columns VALUES (?, ?, ?, ?, ?)",
                           {row["name"], row["kind"], row["unit"], row["help"], checksum_of(row)});
    }
}

void study_database::insert(const study_row& row) {
    json values{
        {"key", row.key},           {"scenario", row.scenario}, {"scenario_hash", fingerprint(row.scenario_text)},
        {"settings", row.settings}, {"profile", row.profile},   {"program", row.program},
        {"code", row.code},         {"date", row.date},         {"seed", row.seed}};
    for (std::size_t i = 0; i < row.columns.size(); ++i) values[row.columns[i].name] = row.values[i];
    values[checksum_column] = checksum_of(values);
    std::vector<std::string> names;
    std::vector<json> bound;
    for (const auto& [name, value] : values.items()) {
        names.push_back(sql_name(name));
        bound.push_back(value);
    }
    const std::vector<std::string> places(names.size(), "?");
    m_database.execute("INSERT OR IGNORE INTO scenarios VALUES (?, ?)",
                       {fingerprint(row.scenario_text), row.scenario_text});
    m_database.execute(
        fmt::format("INSERT OR REPLACE INTO runs ({}) VALUES ({})", fmt::join(names, ","), fmt::join(places, ",")),
        bound);
}

void study_database::add(const study_row& row) {
    guarded([&] {
        sql_transaction whole(m_database);
        const signals_held undisturbed;  // a signal would leave SQLite's journal behind
        add_columns(row.columns);
        insert(row);
        whole.commit();
    });
}

json study_database::row(const std::string& key) const {
    return guarded([&] {
        auto rows = m_database.prepare("SELECT * FROM runs WHERE key = ?", {key});
        if (!rows.step()) throw std::runtime_error(fmt::format("{}: the run {} is missing", m_file, key));
        return read(rows);
    });
}

std::string study_database::csv(const std::vector<std::string>& keys, const std::vector<std::string>& settings) const {
    return guarded([&] {
        std::vector<std::string> names;
        for (const auto& name : common_columns)
            if (name != "date") names.push_back(name);
        names.insert(names.end(), settings.begin(), settings.end());
        for (const auto& name : m_database.list("SELECT name FROM columns WHERE kind = 'statistic' ORDER BY rowid"))
            names.push_back(name);
        std::string text;
        for (const auto& name : names) text += (text.empty() ? "" : ",") + csv_field(name);
        text += '\n';
        for (const auto& key : keys) {
            const auto found = row(key);
            std::vector<std::string> fields;
            for (const auto& name : names) fields.push_back(csv_field(found.value(name, json())));
            text += fmt::format("{}\n", fmt::join(fields, ","));
        }
        return text;
    });
}

}  // namespace rxpath
