// rxpath sweep: a study over parameters, into a database; what is there already is not run again.
#include <fmt/format.h>

#include <optional>
#include <stdexcept>

#include "sim/child_process.h"
#include "sim/command_line.h"
#include "sim/error.h"
#include "sim/model_identity.h"
#include "sim/output_file.h"
#include "sim/progress.h"
#include "sim/run_result.h"
#include "sim/simulation.h"
#include "sim/study_database.h"
#include "sim/text.h"
#include "sim/vary.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

command_options sweep_options() {
    command_options known("sweep", "FILE");
    known.add()("vary", options::value<std::vector<std::string>>()->value_name("KEY=VALUES")->required(),
                "1,2,4..64 (doubling) or 0..10:2 (by steps); several give all combinations")(
        "set", options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
        "override a parameter in all runs; may be repeated")(
        "jobs", options::value<unsigned>()->value_name("N")->default_value(1), "runs at a time")(
        "db", options::value<std::string>()->value_name("FILE")->required(), "SQLite database, made or continued")(
        "csv", options::value<std::string>()->value_name("FILE"), "write the study's rows as CSV too");
    return known;
}

// A point of the study that is still to be run.
struct planned_run {
    variant point;
    host_spec spec;
    std::string key;
};

std::vector<planned_run> plan(const scenario& from) {
    std::vector<planned_run> planned;
    for (const auto& point : from.variants) {
        auto spec = from.with(point);
        auto key = fingerprint(model_identity(spec.cpu) + '\n' + from.identity + '\n' + point.name());
        planned.push_back({point, std::move(spec), std::move(key)});
    }
    return planned;
}

void run_missing(const scenario& from, const std::vector<planned_run>& planned, std::size_t jobs,
                 study_database& database) {
    auto finished = database.finished_keys();
    std::vector<const planned_run*> missing;
    std::vector<child_task> tasks;
    for (const auto& each : planned) {
        if (!finished.insert(each.key).second) continue;
        missing.push_back(&each);
        tasks.emplace_back([&each] {
            const simulation done(each.spec, each.point.name());
            return to_json(statistics_of(done.measured(), each.spec)).dump();
        });
    }
    fmt::print(stderr, "{} runs, {} of them finished before\n", planned.size(), planned.size() - missing.size());
    progress_bar progress("sweep", missing.size());
    std::size_t done = 0;
    std::string failure;
    run_children(tasks, jobs, [&](std::size_t index, const child_result& result) {
        const auto& each = *missing[index];
        progress.update(++done);
        if (!result.finished) {
            failure = each.point.name() + ": " + result.text;
            return;
        }
        database.add({each.key, from.file, each.spec.seed, each.point.set, json::parse(result.text)});
    });
    if (!failure.empty()) throw std::runtime_error(failure);
}

}  // namespace

int command_sweep(const arguments& given) {
    auto known = sweep_options();
    if (!known.parse(given)) return exit_status::done;
    std::vector<axis> axes;
    for (const auto& text : known.texts("vary")) axes.push_back(parse_axis(text));
    const auto jobs = known.get<unsigned>("jobs");
    if (jobs == 0) throw input_error("--jobs: found 0, allowed: 1 or more");
    const auto from = load_scenario(known.text("FILE"), known.settings(), points_of(axes));
    const auto planned = plan(from);
    std::optional<output_file> csv;
    if (known.has("csv")) csv.emplace(known.text("csv"));
    study_database database(known.text("db"));
    run_missing(from, planned, jobs, database);
    if (csv) {
        std::vector<std::string> keys;
        for (const auto& each : planned) keys.push_back(each.key);
        csv->write(database.csv(keys));
        csv->commit();
    }
    return exit_status::done;
}

}  // namespace rxpath
