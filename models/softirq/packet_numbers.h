// Packets of one run by their numbers (sk_buff::number), ascending. Where several cores take packets, those of one run
// do not follow one another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rxpath {

using packet_numbers = std::vector<std::uint64_t>;

// The packet's place among them, from 0; nothing when it is none of them.
inline std::optional<std::size_t> place_of(std::uint64_t number, const packet_numbers& among) {
    const auto found = std::lower_bound(among.begin(), among.end(), number);
    if (found == among.end() || *found != number) return std::nullopt;
    return static_cast<std::size_t>(found - among.begin());
}

// The packets of a run and, of each, the number of the sk_buff that it travels in: its own, or that of the packet it
// was merged into.
struct run_packets {
    packet_numbers numbers, sk_buffs;

    void clear() {
        numbers.clear();
        sk_buffs.clear();
    }
    void add(std::uint64_t number) {
        numbers.push_back(number);
        sk_buffs.push_back(number);
    }
    // Calls visit(place) for each packet that travels in the sk_buff.
    template <class Visit>
    void for_each_in(std::uint64_t sk_buff, Visit visit) const {
        for (auto place = place_of(sk_buff, numbers).value(); place < numbers.size(); ++place)
            if (sk_buffs[place] == sk_buff) visit(place);
    }
};

}  // namespace rxpath
