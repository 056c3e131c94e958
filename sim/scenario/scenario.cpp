#include "sim/scenario/scenario.h"

#include <fmt/format.h>

#include <sstream>

#include "sim/scenario/scenario_draft.h"
#include "sim/scenario/toml_nesting.h"
#include "sim/support/error.h"
#include "sim/support/input_file.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

toml::table parse(const std::string& text, const std::string& file) {
    if (const auto line = line_nested_too_deeply(text)) {
        throw input_error(
            fmt::format("{}:{}: found a key of more than {} parts or as many brackets, allowed: at most {}", file,
                        *line, most_toml_nesting, most_toml_nesting));
    }
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        throw input_error(fmt::format("{}:{}: no TOML: {}", file, error.source().begin.line, error.description()));
    }
}

std::string title_of(const std::string& text) {
    auto line = text.substr(0, text.find('\n'));
    if (line.empty() || line[0] != '#') return "";
    return line.substr(std::min(line.find_first_not_of("# "), line.size()));
}

std::string identity_of(const toml::table& table, const std::vector<setting>& settings,
                        const std::vector<replay_spec>& replays) {
    std::ostringstream text;
    text << toml::json_formatter{table};  // sorted, without comments
    for (const auto& each : settings) text << '\n' << each.name << '=' << each.text;
    for (const auto& replay : replays) {
        std::string bytes;
        for (const auto& each : replay.frames) {
            bytes += std::to_string(each.time.value);
            bytes.append(each.frame.bytes.begin(), each.frame.bytes.end());
        }
        text << '\n' << fingerprint(bytes);
    }
    return text.str();
}

void apply_settings(const std::vector<setting>& settings, scenario_draft& draft) {
    for (const auto& each : settings) {
        if (const auto wrong = apply(each, draft.result.host)) draft.errors.add(0, "setting", *wrong);
    }
}

}  // namespace

std::string variant::name() const {
    std::string text;
    for (const auto& each : set) text += fmt::format("{}{}={}", text.empty() ? "" : " ", each.name, each.text);
    return text;
}

std::vector<variant> crossed(const std::vector<variant>& variants, const std::string& name,
                             const std::vector<std::string>& values) {
    std::vector<variant> all;
    for (const auto& base : variants) {
        for (const auto& text : values) {
            all.push_back(base);
            all.back().set.push_back({name, text});
        }
    }
    return all;
}

host_spec scenario::with(const variant& chosen) const {
    auto spec = host;
    for (const auto& each : chosen.set) {
        if (auto wrong = apply(each, spec)) throw input_error(file + ": " + *wrong);
    }
    return spec;
}

scenario load_scenario(const std::string& file, const std::vector<setting>& settings, std::vector<variant> points) {
    const auto text = read_input_file(file, most_bytes_of::scenario);
    const auto table = parse(text, file);
    scenario_draft draft(file);
    draft.result.inputs.emplace_back(file);
    draft.result.title = title_of(text);
    draft.result.text = text;
    {
        toml_section root(table, "", draft.errors);
        read_machine(root, draft);
        read_traffic(root, draft);
        read_study(root, draft);
    }
    apply_settings(settings, draft);
    if (!draft.result.variants.empty())
        if (!points.empty()) draft.result.variants = std::move(points);
    check_scenario(draft);
    draft.errors.throw_if_any();
    draft.result.identity = identity_of(table, settings, draft.result.host.replays);
    return std::move(draft.result);
}

}  // namespace rxpath
