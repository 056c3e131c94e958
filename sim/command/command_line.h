// The commands of rxpath, and how each reads its arguments.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "sim/parameter/parameters.h"

namespace rxpath {

using arguments = std::vector<std::string>;

// Each answers an exit status, and throws input_error on bad usage or input.
int command_run(const arguments& given);
int command_compare(const arguments& given);
int command_sweep(const arguments& given);
int command_explain(const arguments& given);
int command_replay(const arguments& given);
int command_validate(const arguments& given);
int command_params(const arguments& given);

struct command {
    std::string_view name;
    int (*run)(const arguments& given);
    std::string_view usage;    // "run FILE [options]"
    std::string_view summary;  // one line
};
const std::vector<command>& commands();
// "usage: rxpath run ...": of a command by its name.
std::string usage_of(std::string_view name);

// The options of one command. --help is among them.
class command_options {
public:
    enum class presence { required, optional };

    // `positional` is the name of the argument without a dash; empty: there is none.
    command_options(std::string name, std::string positional, presence of_positional = presence::required);

    boost::program_options::options_description_easy_init add() { return m_options.add_options(); }
    // False when --help was asked for and has been printed. Throws input_error on bad usage.
    bool parse(const arguments& given);

    bool has(const std::string& option) const { return m_values.count(option) != 0; }
    template <class Type>
    Type get(const std::string& option) const {
        return m_values[option].as<Type>();
    }
    std::string text(const std::string& option) const { return has(option) ? get<std::string>(option) : ""; }
    // The values of an option that may be given several times.
    std::vector<std::string> texts(const std::string& option) const;
    // A whole number in a range. Throws input_error.
    std::uint64_t count(const std::string& option, std::uint64_t low, std::uint64_t high) const;
    // Of --jobs: runs at a time.
    std::size_t jobs() const { return count("jobs", 1, 1024); }
    // Those of --set.
    std::vector<setting> settings() const;

private:
    std::string m_name, m_positional;
    presence m_presence;
    boost::program_options::options_description m_options{"options"};
    boost::program_options::variables_map m_values;
};

}  // namespace rxpath
