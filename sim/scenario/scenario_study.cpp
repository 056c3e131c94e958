#include <fmt/format.h>

#include <algorithm>

#include "sim/result/statistics.h"
#include "sim/scenario/scenario_draft.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr std::size_t most_variants = 1000;

// Calls read(name, node, line) for each entry; nested tables are names with dots.
template <class Read>
void for_each_entry(const toml::table& table, const std::string& prefix, Read& read) {
    for (const auto& [key, node] : table) {
        const auto name = prefix + std::string(key.str());
        if (const auto* nested = node.as_table()) {
            for_each_entry(*nested, name + ".", read);
        } else {
            read(name, node, key.source().begin.line);
        }
    }
}

// The values of one parameter; each is checked here, so that its line is known.
std::vector<std::string> read_values(const std::string& name, const parameter& entry, const toml::node& node,
                                     scenario_draft& draft) {
    std::vector<std::string> texts;
    const auto* array = node.as_array();
    if (!array || array->empty()) {
        draft.errors.wrong_value(node, "compare." + name, "an array of values");
        return texts;
    }
    for (const auto& element : *array) {
        const auto text = scalar_text(element, entry.kind);
        value parsed;
        if (!text || !parse_value(entry, *text, parsed)) {
            draft.errors.wrong_value(element, "compare." + name, describe_allowed(entry));
        }
        texts.push_back(text.value_or(""));
    }
    return texts;
}

void read_compare(const toml::table& table, scenario_draft& draft) {
    draft.lines.compare = line_of(table);
    std::vector<variant> variants(1);
    auto read = [&](const std::string& name, const toml::node& node, std::uint32_t line) {
        const auto found = find_parameter(name);
        if (!found) {
            draft.errors.add(line, "compare." + name, "no such parameter" + did_you_mean(name, parameter_names()));
            return;
        }
        const auto values = read_values(name, *found->entry, node, draft);
        if (values.size() > most_variants / variants.size()) {
            draft.errors.add(line, "compare." + name,
                             fmt::format("found more than {} variants, allowed: at most that", most_variants));
            return;
        }
        variants = crossed(variants, name, values);
    };
    for_each_entry(table, "", read);
    if (variants.size() > 1) draft.result.variants = std::move(variants);
}

// What is wrong with a name of [expect]; nothing when it is right.
std::optional<std::string> wrong_statistic(const std::string& name, bool compares) {
    const auto compared = parse_compared_statistic(name);
    const auto statistic = compared ? compared->statistic : std::string_view(name);
    const auto& names = statistic_names();
    if (std::find(names.begin(), names.end(), statistic) == names.end()) {
        const std::vector<std::string_view> candidates(names.begin(), names.end());
        return fmt::format("no such statistic{}; allowed: a name of `rxpath run --json`{}",
                           did_you_mean(statistic, candidates), compares ? ", alone or after saved. or ratio." : "");
    }
    if (compared && !compares) return "allowed only with [compare]";
    return {};
}

void read_expect(const toml::table& table, scenario_draft& draft) {
    auto& result = draft.result;
    auto read = [&](const std::string& name, const toml::node& node, std::uint32_t line) {
        if (const auto wrong = wrong_statistic(name, draft.lines.compare != 0)) {
            draft.errors.add(line, "expect." + name, *wrong);
            return;
        }
        auto parsed = parse_expectation(node.is_number() ? written(node) : node.value_or(std::string{}));
        if (!parsed) {
            draft.errors.wrong_value(node, "expect." + name, allowed_expectations);
            return;
        }
        parsed->statistic = name;
        parsed->line = line;
        auto& list = parse_compared_statistic(name) ? result.compared_expectations : result.expectations;
        list.push_back(std::move(*parsed));
    };
    for_each_entry(table, "", read);
    for (auto* list : {&result.expectations, &result.compared_expectations})
        std::sort(list->begin(), list->end(), [](auto& a, auto& b) { return a.line < b.line; });
}

}  // namespace

void read_study(toml_section& file, scenario_draft& draft) {
    if (const auto* table = file.take_table("compare", "a table that begins with [compare]"))
        read_compare(*table, draft);
    if (const auto* table = file.take_table("expect", "a table that begins with [expect]")) read_expect(*table, draft);
}

}  // namespace rxpath
