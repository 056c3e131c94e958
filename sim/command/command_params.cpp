// rxpath params: the table of parameters for people, for docs/parameters.md and for editors.
#include <fmt/format.h>

#include "sim/command/command_line.h"
#include "sim/parameter/parameter_text.h"
#include "sim/support/error.h"

namespace rxpath {

int command_params(const arguments& given) {
    command_options known("params", "");
    known.add()("markdown", "as docs/parameters.md")("json-schema", "a JSON Schema of scenario files, for editors")(
        "assumed", "only the numbers that have no source, and between what each plausibly lies");
    if (!known.parse(given)) return exit_status::done;
    if (known.has("json-schema")) {
        fmt::print("{}\n", parameters_json_schema().dump(2));
    } else if (known.has("markdown")) {
        fmt::print("{}", parameters_markdown());
    } else if (known.has("assumed")) {
        fmt::print("{}", assumed_parameters_text(style_for(stdout)));
    } else {
        fmt::print("{}", parameters_text(style_for(stdout)));
    }
    return exit_status::done;
}

}  // namespace rxpath
