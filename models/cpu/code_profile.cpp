#include "models/cpu/code_profile.h"

#include "models/cpu/built_in_profile.h"
#include "models/cpu/csv_fields.h"

namespace rxpath {

namespace {

constexpr std::uint32_t most_of_a_function = 10'000;  // cache lines, returns, indirect calls

// The kernel's text begins here without address randomisation: __START_KERNEL, arch/x86/include/asm/page_types.h.
constexpr line_address first_line_of_text = line_of_address(0xffffffff81000000);

}  // namespace

const code_profile& code_profile::built_in() {
    static const auto profile = parse(built_in_code, "built-in code profile");
    return profile;
}

code_profile code_profile::parse(std::string_view csv, std::string_view name) {
    code_profile profile;
    for_each_profile_line(csv, name, "function,",
                          [&](std::string_view line, const std::string& where) { profile.take_line(line, where); });
    profile.place(name);
    return profile;
}

void code_profile::take_line(std::string_view line, const std::string& where) {
    const auto function_name = take_field(line);
    const auto function = function_named(function_name);
    if (!function)
        refuse_profile(where, fmt::format("found function '{}', which the model never calls", function_name));
    auto& code = m_functions[static_cast<std::size_t>(*function)];
    if (code.lines != 0) refuse_profile(where, fmt::format("{} stands twice", function_name));
    code.lines = take_number(line, where, 1u, most_of_a_function);
    code.returns = take_number(line, where, 0u, most_of_a_function);
    code.indirect_calls = take_number(line, where, 0u, most_of_a_function);
    if (!known_source(line))
        refuse_profile(where, fmt::format("found source '{}', allowed: measured..., disassembly..., assumed...", line));
}

void code_profile::place(std::string_view name) {
    auto next = first_line_of_text;
    std::uint32_t place = 0;
    for (const auto function : all_functions()) {
        auto& code = m_functions[static_cast<std::size_t>(function)];
        if (code.lines == 0)
            refuse_profile(std::string{name}, fmt::format("{} has no row, allowed: one each", describe(function).name));
        code.place = place++;
        code.first_line = next;
        next += code.lines;
    }
}

}  // namespace rxpath
