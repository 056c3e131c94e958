// What is kept of the packets that are at work, by their numbers.
//
// Numbers at work at one time lie close together, whichever cores have them, so their lowest bits tell them apart;
// where they do not, the table grows. In the steady state it allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rxpath {

template <class Value>
class packet_table {
public:
    // For a packet that has none yet; `number` is not 0.
    Value& open(std::uint64_t number) {
        while (slot(number).number != 0) grow();
        slot(number) = {number, {}};
        return slot(number).value;
    }
    // Null when the packet is not at work.
    Value* find(std::uint64_t number) {
        auto& found = slot(number);
        return number != 0 && found.number == number ? &found.value : nullptr;
    }
    void close(std::uint64_t number) {
        if (find(number) != nullptr) slot(number).number = 0;
    }

private:
    struct entry {
        std::uint64_t number = 0;  // 0: free
        Value value{};
    };

    entry& slot(std::uint64_t number) { return m_entries[number & (m_entries.size() - 1)]; }
    // Numbers that had slots of their own have them in a table twice as large.
    void grow() {
        std::vector<entry> old(2 * m_entries.size());
        old.swap(m_entries);
        for (auto& each : old)
            if (each.number != 0) slot(each.number) = each;
    }

    std::vector<entry> m_entries = std::vector<entry>(64);  // a power of two
};

}  // namespace rxpath
