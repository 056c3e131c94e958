#include "sim/support/csv_rows.h"

#include "sim/support/text.h"

namespace rxpath {

namespace {

std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool doubled = quoted && line.substr(i, 2) == "\"\"";
        if (line[i] == '"' && !doubled)
            quoted = !quoted;
        else if (line[i] == ',' && !quoted)
            fields.emplace_back();
        else
            fields.back() += line[i];
        if (doubled) ++i;
    }
    return fields;
}

}  // namespace

std::vector<std::vector<std::string>> csv_rows(std::string_view text) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& line : split(text, '\n'))
        if (!line.empty()) rows.push_back(fields_of(line));
    return rows;
}

}  // namespace rxpath
