// The results of sweeps in SQLite: table `runs`, a row a finished run, with what made it and what it found.
//
// | table | has |
// | --- | --- |
// | `runs` | key, scenario, scenario_hash, settings as written, profile, program, code, date, seed; a column for each
// setting and each statistic | | `scenarios` | the text of each scenario by its hash | | `columns` | of each setting
// and statistic in `runs`: its unit, and what it says |
//
// A run is known by its key, so that it is never done twice; several programs may write at once. Each row has a
// checksum of its own, because SQLite would not notice a number that has changed on the disk.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/support/sql.h"

namespace rxpath {

// A column beside those that all runs have.
struct study_column {
    std::string name, unit, help;
    bool is_setting = false;
};

struct study_row {
    std::string key;
    std::string scenario, scenario_text;  // its file, and what is in it
    std::string settings;                 // as written
    std::string profile, program, code, date;
    std::uint64_t seed = 0;
    std::vector<study_column> columns;
    std::vector<json> values;  // of the columns: a number in the column's unit, a text, or null
};

class study_database {
public:
    // Opens or makes it, and checks all of it. Throws input_error when the file cannot be written or is something else,
    // std::runtime_error when it is damaged.
    explicit study_database(const std::string& file);

    std::set<std::string> finished_keys() const;
    // One transaction: a study that is stopped has whole rows only.
    void add(const study_row& row);
    // What is there under a key, {"run.seed": 1, ...}. Throws std::runtime_error when it is missing or damaged.
    json row(const std::string& key) const;
    // The rows of `keys`, in that order, as CSV with a header: what made them, `settings`, then all statistics. Without
    // the date, so that the same study gives the same bytes. Throws as row().
    std::string csv(const std::vector<std::string>& keys, const std::vector<std::string>& settings) const;

private:
    void check_pages() const;
    void check_rows() const;
    void prepare_tables();
    void add_columns(const std::vector<study_column>& wanted);
    void insert(const study_row& row);
    [[noreturn]] void is_damaged(const std::string& why) const;
    json read(const sql_statement& row) const;
    // Runs `work`, and says damage in words.
    template <class Work>
    auto guarded(Work work) const;

    std::string m_file;
    sql_database m_database;
};

}  // namespace rxpath
