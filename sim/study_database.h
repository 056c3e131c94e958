// The results of a sweep in SQLite: table `runs`, a row a finished run, a column for each parameter and statistic under
// its own name. A run is known by its key, so that it is never done twice.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/run_result.h"
#include "sim/scenario.h"

struct sqlite3;

namespace rxpath {

struct study_row {
    std::string key, scenario;
    std::uint64_t seed = 0;
    std::vector<setting> set;
    json statistics;
};

class study_database {
public:
    // Opens or makes it. Throws input_error when the file cannot be written or is something else.
    explicit study_database(const std::string& file);

    std::set<std::string> finished_keys() const;
    // One transaction: a study that is stopped has whole rows only.
    void add(const study_row& row);
    // The rows of `keys`, in that order, as CSV with a header. Missing runs are left out.
    std::string csv(const std::vector<std::string>& keys) const;

private:
    void execute(const std::string& sql) const;
    // What a query answers, as text; the first row has the names of the columns.
    std::vector<std::vector<std::string>> query(const std::string& sql, const std::string& parameter = "") const;
    void add_columns(const std::vector<std::string>& names);

    std::unique_ptr<sqlite3, int (*)(sqlite3*)> m_database;
};

}  // namespace rxpath
