// Which parts of which objects a call touches: for each function and step, members of the kernel's structs.
//
// Data, as the cost profile is: `function,step,object,member,access,source` in models/cpu/profiles, with an empty step
// for what every call touches. A member may be followed by +BYTES (an element of an array); an object without structs
// has +BYTES alone. layout.csv (`struct,member,offset,size`, in bytes) says where members are. A function without rows
// touches nothing that is known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/memory_object.h"
#include "models/cpu/function_part.h"

namespace rxpath {

struct member_access {
    memory_object object;
    bool is_write;
    bool in_walk;          // where the object is, was read in the one before (is_walked())
    std::uint32_t offset;  // bytes from where the object begins
};

// Those of one part of a function.
class access_range {
public:
    access_range(const member_access* first, const member_access* last) : m_first(first), m_last(last) {}
    const member_access* begin() const { return m_first; }
    const member_access* end() const { return m_last; }
    bool empty() const { return m_first == m_last; }
    std::size_t size() const { return static_cast<std::size_t>(m_last - m_first); }
    const member_access& operator[](std::size_t i) const { return m_first[i]; }

private:
    const member_access *m_first, *m_last;
};

class access_profile {
public:
    // The profile that the program was built with: Linux 6.12, x86-64.
    static const access_profile& built_in();
    // Reads a profile and the layout it refers to. Throws std::invalid_argument naming the file, the line and what is
    // wrong with it; `name` and `layout_name` are the files' names.
    static access_profile parse(std::string_view csv, std::string_view name, std::string_view layout_csv,
                                std::string_view layout_name);

    // One access to each line of an object: a line that is read and written is written.
    access_range base(function_number function) const { return of_part(m_parts.base(function)); }
    access_range step(function_number function, std::size_t index) const {
        return of_part(m_parts.step(function, index));
    }

private:
    class reader;

    access_range of_part(std::size_t part) const {
        return {m_accesses.data() + m_first[part], m_accesses.data() + m_first[part + 1]};
    }

    function_parts m_parts = function_parts::all();
    std::vector<member_access> m_accesses;  // part by part
    std::vector<std::uint32_t> m_first;     // of each part; the last is beyond all
};

}  // namespace rxpath
