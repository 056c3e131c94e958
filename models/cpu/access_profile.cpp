#include "models/cpu/access_profile.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "models/base/memory_objects.h"
#include "models/cpu/built_in_profile.h"
#include "models/cpu/csv_fields.h"

namespace rxpath {

namespace {

std::uint32_t number_in(std::string_view text, const std::string& where) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        refuse_profile(where, fmt::format("found '{}', allowed: a number of bytes", text));
    return number;
}

memory_object object_named(std::string_view name, const std::string& where) {
    for (std::size_t i = 0; i < memory_object_count; ++i)
        if (describe(static_cast<memory_object>(i)).name == name) return static_cast<memory_object>(i);
    refuse_profile(where, fmt::format("found object '{}', which models/base/memory_objects.def does not have", name));
}

// Objects that begin on a line have their members on known lines of it. Of the others, each word counts for itself.
std::uint32_t granule_of(memory_object object) {
    const auto bytes = describe(object).bytes;
    return bytes != 0 && bytes % cache_line_bytes == 0 ? cache_line_bytes : 8;
}

void add(std::vector<member_access>& part, const member_access& access) {
    const auto granule = granule_of(access.object);
    const auto same = std::find_if(part.begin(), part.end(), [&](const member_access& other) {
        return other.object == access.object && other.offset / granule == access.offset / granule;
    });
    if (same == part.end())
        part.push_back(access);
    else
        same->is_write |= access.is_write;
}

}  // namespace

// Reads both files into a profile.
class access_profile::reader {
public:
    void finish(access_profile& profile) const {
        for (const auto& part : m_accesses) {
            profile.m_first.push_back(static_cast<std::uint32_t>(profile.m_accesses.size()));
            profile.m_accesses.insert(profile.m_accesses.end(), part.begin(), part.end());
        }
        profile.m_first.push_back(static_cast<std::uint32_t>(profile.m_accesses.size()));
    }

    void take_layout_line(std::string_view line, const std::string& where) {
        const auto type = take_field(line), member = take_field(line);
        const auto offset = number_in(take_field(line), where);
        number_in(line, where);
        if (!m_offsets.emplace(std::string{type} + '.' + std::string{member}, offset).second)
            refuse_profile(where, fmt::format("{}.{} stands twice", type, member));
    }

    void take_access_line(std::string_view line, const std::string& where) {
        auto& part = take_part(line, where);
        member_access access{};
        access.object = object_named(take_field(line), where);
        access.in_walk = is_walked(access.object);
        access.offset = offset_of(access.object, take_field(line), where);
        const auto how = take_field(line);
        if (how != "R" && how != "W" && how != "RW")
            refuse_profile(where, fmt::format("found access '{}', allowed: R, W, RW", how));
        access.is_write = how != "R";
        if (!known_source(line))
            refuse_profile(where,
                           fmt::format("found source '{}', allowed: measured..., disassembly..., assumed...", line));
        add(part, access);
    }

private:
    std::vector<member_access>& take_part(std::string_view& line, const std::string& where) {
        const auto name = take_field(line), step_text = take_field(line);
        const auto function = function_named(name);
        if (!function) refuse_profile(where, fmt::format("found function '{}', which the model never calls", name));
        if (step_text.empty()) return m_accesses[m_parts.base(*function)];
        const auto& described = describe(*function);
        const auto step = step_named(described, step_text);
        if (!step)
            refuse_profile(where, fmt::format("found step '{}' of {}, allowed: {}", step_text, name, described.steps));
        return m_accesses[m_parts.step(*function, *step)];
    }

    std::uint32_t offset_of(memory_object object, std::string_view text, const std::string& where) const {
        const auto plus = std::min(text.find('+'), text.size());
        const auto member = text.substr(0, plus);
        const auto beyond = plus < text.size() ? number_in(text.substr(plus + 1), where) : 0;
        if (member.empty() && plus < text.size()) return beyond;
        auto rest = describe(object).structs;
        while (!rest.empty()) {
            const auto blank = std::min(rest.find(' '), rest.size());
            const auto found = m_offsets.find(std::string{rest.substr(0, blank)} + '.' + std::string{member});
            if (found != m_offsets.end()) return found->second + beyond;
            rest.remove_prefix(std::min(blank + 1, rest.size()));
        }
        refuse_profile(where, fmt::format("found member '{}' of {}, which layout.csv does not have in: {}", member,
                                          describe(object).name, describe(object).structs));
    }

    const function_parts& m_parts = function_parts::all();
    std::vector<std::vector<member_access>> m_accesses = std::vector<std::vector<member_access>>(m_parts.count());
    std::map<std::string, std::uint32_t> m_offsets;  // of "struct.member"
};

const access_profile& access_profile::built_in() {
    static const access_profile profile =
        parse(built_in_accesses, "built-in accesses.csv", built_in_layout, "built-in layout.csv");
    return profile;
}

access_profile access_profile::parse(std::string_view csv, std::string_view name, std::string_view layout_csv,
                                     std::string_view layout_name) {
    access_profile profile;
    reader read;
    for_each_profile_line(layout_csv, layout_name, "struct,",
                          [&](auto line, const auto& where) { read.take_layout_line(line, where); });
    for_each_profile_line(csv, name, "function,",
                          [&](auto line, const auto& where) { read.take_access_line(line, where); });
    read.finish(profile);
    return profile;
}

}  // namespace rxpath
