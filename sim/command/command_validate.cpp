// rxpath validate: what was measured on hardware beside what the model predicts for the same hosts.
#include <fmt/format.h>

#include "sim/command/command_line.h"
#include "sim/hardware/published_figures.h"
#include "sim/hardware/validation.h"
#include "sim/support/error.h"

namespace rxpath {

namespace {

namespace options = boost::program_options;

std::vector<validated_group> validate_file(const std::string& file, const std::vector<setting>& settings) {
    const auto groups = file.empty() ? shipped_groups() : group_by_configuration(read_saving_file(file), file);
    std::vector<measured_configuration> configurations;
    for (const auto& group : groups) configurations.push_back(group.host);
    return validate(groups, predict_savings(configurations, settings));
}

}  // namespace

int command_validate(const arguments& given) {
    command_options known("validate", "FILE", command_options::presence::optional);
    known.add()("set", options::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                "override a parameter of the simulated hosts; may be repeated")("json", "print the comparison as JSON");
    if (!known.parse(given)) return exit_status::done;
    const auto validated = validate_file(known.text("FILE"), known.settings());
    if (known.has("json")) {
        fmt::print("{}\n", to_json(validated).dump(2));
    } else {
        const auto style = style_for(stdout);
        fmt::print("{}", validation_text(validated, style));
        if (!known.has("FILE")) fmt::print("\n{}", published_figures_text(style));
    }
    return any_fails(validated) ? exit_status::expectation_failed : exit_status::done;
}

}  // namespace rxpath
