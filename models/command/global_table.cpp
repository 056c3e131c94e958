#include "models/command/global_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <unordered_set>

namespace rxpath {

namespace {

struct length_share {
    std::uint8_t length;
    double thousands;
};

// Prefixes by length in a default-free table of 950,000, rounded, in the proportions of the "Weekly Global IPv4 Routing
// Table Report" (APNIC's mailing list bgp-stats, 2024): three in five are /24, the longest that is commonly accepted.
constexpr std::array<length_share, 17> shares = {{{8, 0.016},
                                                  {9, 0.014},
                                                  {10, 0.04},
                                                  {11, 0.1},
                                                  {12, 0.3},
                                                  {13, 0.6},
                                                  {14, 1.2},
                                                  {15, 2.1},
                                                  {16, 14},
                                                  {17, 8.7},
                                                  {18, 14.5},
                                                  {19, 26},
                                                  {20, 45},
                                                  {21, 53},
                                                  {22, 113},
                                                  {23, 104},
                                                  {24, 565}}};

// About half of the table are more-specifics of another entry (G. Huston, "BGP in 2024", labs.apnic.net).
// The others lie where nothing is announced.
constexpr double in_an_aggregate = 0.5;
// How often a prefix is the neighbour of the one before it: networks announce runs.
constexpr double next_to_the_last = 0.5;

bool is_global_unicast(ipv4_prefix prefix) {
    static constexpr ipv4_prefix special[] = {{{0x00000000}, 8},  {{0x0a000000}, 8},  {{0x7f000000}, 8},
                                              {{0x64400000}, 10}, {{0xa9fe0000}, 16}, {{0xac100000}, 12},
                                              {{0xc0a80000}, 16}, {{0xe0000000}, 3}};
    return std::none_of(std::begin(special), std::end(special), [&](const ipv4_prefix& other) {
        return other.contains(prefix.address) || prefix.contains(other.address);
    });
}

class table_maker {
public:
    explicit table_maker(std::uint64_t seed) : m_random(seed) {}

    // Lengths must ascend, so that a prefix finds its aggregates there.
    void add(std::uint8_t length, std::size_t count) {
        m_aggregates = m_table.size();
        for (std::size_t added = 0; added < count;) {
            const auto prefix = propose(length);
            const auto id = std::uint64_t{prefix.address.value} << 8 | length;
            if (!is_global_unicast(prefix) || !m_known.insert(id).second) continue;
            m_table.push_back(prefix);
            const auto first = m_announced.begin() + static_cast<std::ptrdiff_t>(prefix.address.value >> 8);
            std::fill(first, first + (std::ptrdiff_t{1} << (24 - length)), true);
            ++added;
        }
    }
    std::vector<ipv4_prefix> shuffled() {
        std::shuffle(m_table.begin(), m_table.end(), m_random);
        return std::move(m_table);
    }

private:
    ipv4_prefix propose(std::uint8_t length) {
        ipv4_prefix prefix{{}, length};
        if (m_table.size() > m_aggregates && happens(next_to_the_last)) {
            prefix.address.value = m_table.back().address.value + (std::uint32_t{1} << (32 - length));
        } else if (m_aggregates > 0 && happens(in_an_aggregate)) {
            const auto& aggregate = m_table[m_random() % m_aggregates];
            prefix.address.value = aggregate.address.value | (any_address() & ~aggregate.mask());
        } else {
            do prefix.address.value = any_address();
            while (m_announced[prefix.address.value >> 8]);
        }
        prefix.address.value &= prefix.mask();
        return prefix;
    }
    std::uint32_t any_address() { return static_cast<std::uint32_t>(m_random()); }
    bool happens(double probability) { return std::bernoulli_distribution{probability}(m_random); }

    std::mt19937_64 m_random;
    std::vector<ipv4_prefix> m_table;
    std::unordered_set<std::uint64_t> m_known;
    std::vector<bool> m_announced = std::vector<bool>(std::size_t{1} << 24);  // by /24
    std::size_t m_aggregates = 0;  // prefixes shorter than the length at hand: the table's first ones
};

}  // namespace

std::vector<ipv4_prefix> global_table(std::size_t count, std::uint64_t seed) {
    double total = 0;
    for (const auto& share : shares) total += share.thousands;
    table_maker maker{seed};
    auto left = count;
    for (const auto& share : shares) {
        const auto wanted =
            static_cast<std::size_t>(std::llround(share.thousands / total * static_cast<double>(count)));
        const auto of_length = share.length == shares.back().length ? left : std::min(wanted, left);
        maker.add(share.length, of_length);
        left -= of_length;
    }
    return maker.shuffled();
}

}  // namespace rxpath
