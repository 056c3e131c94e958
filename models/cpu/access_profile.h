// Which parts of which objects a call touches: for each function and step, members of the kernel's structs.
//
// Data, as the cost profile is: `function,step,object,member,access,source` in models/cpu/profiles, with an empty step
// for what every call touches. A member may be followed by +BYTES (an element of an array); an object without structs
// has +BYTES alone. layout.csv (`struct,member,offset,size`, in bytes) says where members are. A function without rows
// touches nothing that is known.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/kernel_function.h"
#include "models/base/memory_object.h"

namespace rxpath {

struct member_access {
    memory_object object;
    bool is_write;
    std::uint32_t offset;  // bytes from where the object begins
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
    const std::vector<member_access>& base(fn function) const { return m_parts[static_cast<std::size_t>(function)][0]; }
    const std::vector<member_access>& step(fn function, std::size_t index) const {
        return m_parts[static_cast<std::size_t>(function)][1 + index];
    }

private:
    class reader;

    // By function; the base, then the steps.
    std::array<std::vector<std::vector<member_access>>, function_count> m_parts;
};

}  // namespace rxpath
