#include "sim/study/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>

#include "sim/study/model_identity.h"
#include "sim/study/program_code.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr std::string_view default_profile = "linux-6.12-x86_64";

// A setting as its parameter counts it: "64KiB" is 65536 of unit B.
void add_setting(study_row& row, const setting& given) {
    const auto& entry = *find_parameter(given.name)->entry;
    value parsed;
    parse_value(entry, given.text, parsed);
    const auto& units = units_of(entry.kind);
    const std::string unit(units.empty() ? "" : units.front().name);
    row.columns.push_back({given.name, unit, std::string(entry.help), true});
    const bool whole = entry.kind != value_kind::real && entry.kind != value_kind::packet_rate;
    if (entry.kind == value_kind::text) {
        row.values.emplace_back(parsed.text);
    } else if (whole) {
        row.values.emplace_back(static_cast<std::int64_t>(std::llround(parsed.number)));
    } else {
        row.values.emplace_back(parsed.number);
    }
}

std::string date_now() {
    const auto now = std::time(nullptr);
    std::tm parts = {};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace

std::vector<setting> study::settings_of(const planned_run& run) const {
    auto all = fixed;
    all.insert(all.end(), run.point.set.begin(), run.point.set.end());
    std::vector<setting> last;
    for (auto each = all.begin(); each != all.end(); ++each) {
        const auto same = [&](const setting& later) { return later.name == each->name; };
        if (std::none_of(each + 1, all.end(), same)) last.push_back(*each);
    }
    return last;
}

std::vector<std::string> study::setting_names() const {
    std::vector<std::string> names;
    for (const auto& each : settings_of(runs.front())) names.push_back(each.name);
    return names;
}

study plan_study(const scenario& from, const std::vector<setting>& fixed) {
    study planned{from, fixed, {}};
    std::map<std::pair<std::string, double>, std::string> identities;  // a profile is read once
    for (const auto& point : from.variants) {
        const auto cpu = from.with(point).cpu;
        auto& identity = identities[{cpu.profile, cpu.assumed_cost}];
        if (identity.empty()) identity = model_identity(cpu);
        planned.runs.push_back({point, fingerprint(identity + '\n' + from.identity + '\n' + point.name())});
    }
    return planned;
}

std::string answer_of(const std::vector<statistic>& statistics) {
    auto units = json::object(), help = json::object();
    for (const auto& each : statistics) units[each.name] = each.unit, help[each.name] = each.help;
    return json{{"statistics", to_json(statistics)}, {"units", units}, {"help", help}}.dump();
}

study_row row_of(const study& whole, const planned_run& run, const std::string& answer) {
    const auto spec = whole.from.with(run.point);
    study_row row;
    row.key = run.key;
    row.scenario = whole.from.file;
    row.scenario_text = whole.from.text;
    row.profile = spec.cpu.profile.empty() ? std::string(default_profile) : spec.cpu.profile;
    row.program = RXPATH_VERSION;
    row.code = program_code;
    row.date = date_now();
    row.seed = spec.seed;
    const auto settings = whole.settings_of(run);
    row.settings = variant{settings}.name();
    for (const auto& each : settings) add_setting(row, each);
    const auto answered = json::parse(answer);
    for (const auto& [name, number] : answered.at("statistics").items()) {
        row.columns.push_back({name, answered.at("units").at(name), answered.at("help").at(name)});
        row.values.push_back(number);
    }
    return row;
}

}  // namespace rxpath
