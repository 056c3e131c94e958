// rxpath sweep: a study over parameters, into a database; what is there already is not run again.
#include <fmt/format.h>

#include <optional>
#include <stdexcept>

#include "sim/command/command_line.h"
#include "sim/study/study.h"
#include "sim/study/study_database.h"
#include "sim/study/study_engine.h"
#include "sim/study/study_summary.h"
#include "sim/study/vary.h"
#include "sim/support/error.h"
#include "sim/support/output_file.h"
#include "sim/support/progress.h"
#include "sim/support/standard_streams.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

command_options sweep_options() {
    command_options known("sweep", "FILE");
    known.add()("vary", options::value<std::vector<std::string>>()->value_name("KEY=VALUES")->required(),
                "1,2,7..9 (by ones), 0..10:2 (by steps) or 4..64:*2 (doubling), ends included; several give all "
                "combinations")("set", options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                                "override a parameter in all runs; may be repeated")(
        "jobs", options::value<std::string>()->value_name("N")->default_value("1"), "runs at a time")(
        "engine", options::value<std::string>()->value_name("local")->default_value("local"),
        "where runs are made: local, a process each on this machine")(
        "db", options::value<std::string>()->value_name("FILE")->required(), "SQLite database, made or continued")(
        "csv", options::value<std::string>()->value_name("FILE"),
        "write the study's rows as CSV too; - for standard output, in place of the summary")("quiet,q",
                                                                                             "print no summary");
    return known;
}

// Runs what is missing. Answers how many runs could not complete.
std::size_t run_missing(const study& whole, study_engine& engine, study_database& database) {
    auto finished = database.finished_keys();
    std::vector<const planned_run*> missing;
    for (const auto& each : whole.runs)
        if (finished.insert(each.key).second) missing.push_back(&each);
    fmt::print(stderr, "{} runs, {} of them finished before\n", whole.runs.size(), whole.runs.size() - missing.size());
    progress_bar progress("sweep", missing.size());
    std::size_t done = 0, failed = 0;
    engine.make(whole, missing, [&](const planned_run& run, const child_result& result) {
        progress.update(++done);
        if (result.finished) {
            database.add(row_of(whole, run, result.text));
        } else {
            ++failed;
            complain(run.point.name() + ": " + result.text);
        }
    });
    return failed;
}

void print_summary(const study& whole, const study_database& database) {
    const auto finished = database.finished_keys();
    std::vector<json> rows;
    for (const auto& each : whole.runs) rows.push_back(finished.count(each.key) != 0 ? database.row(each.key) : json());
    fmt::print("{}", study_summary(whole, rows, style_for(stdout)));
}

void write_csv(const study& whole, const study_database& database, output_file& file) {
    std::vector<std::string> keys;
    for (const auto& each : whole.runs) keys.push_back(each.key);
    file.write(database.csv(keys, whole.setting_names()));
    file.commit();
}

}  // namespace

int command_sweep(const arguments& given) {
    auto known = sweep_options();
    if (!known.parse(given)) return exit_status::done;
    std::vector<axis> axes;
    for (const auto& text : known.texts("vary")) axes.push_back(parse_axis(text));
    const auto engine = make_study_engine(known.text("engine"), known.jobs());
    const auto settings = known.settings();
    const auto from = load_scenario(known.text("FILE"), settings, points_of(axes));
    const auto whole = plan_study(from, settings);
    refuse_if_read(known.text("db"), from.inputs);
    auto kept = from.inputs;
    kept.emplace_back(known.text("db"));
    if (known.has("csv")) refuse_if_read(known.text("csv"), kept);
    std::optional<output_file> csv;
    if (known.has("csv")) csv.emplace(known.text("csv"));
    study_database database(known.text("db"));
    const auto failed = run_missing(whole, *engine, database);
    if (!known.has("quiet") && known.text("csv") != "-") print_summary(whole, database);
    if (failed != 0) {
        throw std::runtime_error(
            fmt::format("{} of {} runs; the others are kept in {}", failed, whole.runs.size(), known.text("db")));
    }
    if (csv) write_csv(whole, database, *csv);
    return exit_status::done;
}

}  // namespace rxpath
