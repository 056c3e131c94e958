#include "sim/support/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace rxpath {

namespace {

// Levenshtein's distance.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    std::string_view best;
    std::size_t best_edits = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        const auto edits = edits_between(word, candidate);
        if (edits < best_edits) {
            best_edits = edits;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
    const auto meant = nearest(word, candidates);
    return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t hang) {
    std::vector<std::string> lines{""};
    std::size_t words = 0;  // in the last line
    for (const auto& word : split(text, ' ')) {
        if (words != 0 && lines.back().size() + 1 + word.size() > width) {
            lines.emplace_back(hang, ' ');
            words = 0;
        }
        if (words++ != 0) lines.back() += ' ';
        lines.back() += word;
    }
    return lines;
}

std::string grouped(std::uint64_t n) {
    auto digits = std::to_string(n);
    for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
        digits.insert(static_cast<std::size_t>(place), 1, ',');
    }
    return digits;
}

std::string grouped_signed(std::int64_t n) {
    return n < 0 ? "-" + grouped(std::uint64_t{0} - static_cast<std::uint64_t>(n))
                 : grouped(static_cast<std::uint64_t>(n));
}

std::string fingerprint(std::string_view text) {
    constexpr std::uint64_t offset_basis = 0xcbf29ce484222325, prime = 0x100000001b3;
    auto hash = offset_basis;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    return fmt::format("{:016x}", hash);
}

}  // namespace rxpath
