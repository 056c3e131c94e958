#include "sim/command/command_line.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "sim/support/error.h"

namespace rxpath {

namespace options = boost::program_options;

const std::vector<command>& commands() {
    static const std::vector<command> all{
        {"run", command_run, "run FILE [options]", "simulate a scenario and print what happened"},
        {"compare", command_compare, "compare FILE [options]",
         "the variants of a scenario side by side, and what is saved"},
        {"sweep", command_sweep, "sweep FILE --vary KEY=VALUES... --db FILE [options]",
         "a study over parameters, into a database"},
        {"explain", command_explain, "explain FILE --packet N [options]", "one packet's way: calls, costs, reasons"},
        {"replay", command_replay, "replay CASE.json --json OUT", "a recorded kernel case through the model"},
        {"validate", command_validate, "validate [FILE.csv] [options]",
         "what was measured on hardware beside predictions"},
        {"params", command_params, "params [options]", "the table of parameters"},
    };
    return all;
}

std::string usage_of(std::string_view name) {
    for (const auto& each : commands()) {
        if (each.name == name) return fmt::format("usage: rxpath {}", each.usage);
    }
    return "usage: rxpath COMMAND [options]";
}

command_options::command_options(std::string name, std::string positional, presence of_positional)
    : m_name(std::move(name)), m_positional(std::move(positional)), m_presence(of_positional) {
    m_options.add_options()("help,h", "show this text");
}

bool command_options::parse(const arguments& given) {
    options::options_description all;
    all.add(m_options);
    options::positional_options_description places;
    if (!m_positional.empty()) {
        all.add_options()(m_positional.c_str(), options::value<std::string>());
        places.add(m_positional.c_str(), 1);
    }
    try {
        options::store(options::command_line_parser(given).options(all).positional(places).run(), m_values);
        if (has("help")) {
            std::ostringstream text;
            text << m_options;
            fmt::print("{}\n\n{}", usage_of(m_name), text.str());
            return false;
        }
        options::notify(m_values);
    } catch (const options::error& error) {
        throw input_error(fmt::format("{}; {}", error.what(), usage_of(m_name)));
    }
    if (!m_positional.empty() && m_presence == presence::required && !has(m_positional)) {
        throw input_error(fmt::format("{} is missing; {}", m_positional, usage_of(m_name)));
    }
    return true;
}

std::vector<std::string> command_options::texts(const std::string& option) const {
    return has(option) ? get<std::vector<std::string>>(option) : std::vector<std::string>{};
}

std::uint64_t command_options::count(const std::string& option, std::uint64_t low, std::uint64_t high) const {
    const auto given = text(option);
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(given.data(), given.data() + given.size(), number);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == given.data() + given.size();
    if (!whole || number < low || number > high)
        throw input_error(fmt::format("--{}: found {}, allowed: {} to {}", option, given, low, high));
    return number;
}

std::vector<setting> command_options::settings() const {
    std::vector<setting> found;
    for (const auto& text : texts("set")) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw input_error(fmt::format("--set: found {}, allowed: KEY=VALUE", text));
        }
        found.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    return found;
}

}  // namespace rxpath
