// Numbers for what profiles have rows for, without gaps: each function's base, and its steps behind it.
//
// A packet looks some hundreds of parts up, so what profiles say of them lies close together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/base/kernel_function.h"

namespace rxpath {

class function_parts {
public:
    static const function_parts& all() {
        static const function_parts parts;
        return parts;
    }

    std::size_t count() const { return m_base[function_count]; }
    std::size_t base(function_number function) const { return m_base[static_cast<std::size_t>(function)]; }
    std::size_t step(function_number function, std::size_t index) const { return base(function) + 1 + index; }

private:
    function_parts() {
        for (std::size_t i = 0; i < function_count; ++i)
            m_base[i + 1] =
                static_cast<std::uint16_t>(m_base[i] + 1 + describe(static_cast<function_number>(i)).step_count());
    }

    std::array<std::uint16_t, function_count + 1> m_base{};  // the last is beyond all parts
};

}  // namespace rxpath
