#include "sim/report/glossary.h"

#include <algorithm>
#include <vector>

#include "sim/support/text.h"

namespace rxpath {

namespace {

struct entry {
    std::string_view word;
    std::string_view sign;  // what stands in a text that is about it
    std::string_view meaning;
};

constexpr entry entries[] = {
    {"dst", "dst",
     "a routing decision, kept to be used again: what to do with a packet, and by which device (struct "
     "dst_entry)"},
    {"early demux", "early demux",
     "looking for a packet's socket before it has a route, so that it may use the dst that the socket keeps "
     "(sk_rx_dst)"},
    {"context", "context",
     "what the receive path's own functions call on the way: locks, allocation, replies; counted apart from them"},
    {"softirq", "softirq",
     "the part of an interrupt that runs after it with interrupts on; here net_rx_action(), which receives packets"},
    {"poll", "__napi_poll", "one look of the softirq at a NIC's ring: it takes what has come, up to a limit (NAPI)"},
    {"GRO", "gro_receive",
     "generic receive offload: holds a packet for others of its flow to join it, before IP sees them"},
    {"FIB", "fib_", "forwarding information base: the routing tables, each a trie of prefixes"},
    {"NOREF", "NOREF",
     "a dst that a packet uses without counting a reference: allowed as long as the softirq lasts, and cheaper"},
    {"next hop", "next hop", "who gets a forwarded packet next: a gateway, or the destination if it is on the link"},
};

constexpr std::string_view continued = "    ";

}  // namespace

std::string glossary_of(std::string_view text, std::size_t width) {
    std::vector<std::pair<std::size_t, const entry*>> found;
    for (const auto& each : entries)
        if (const auto place = std::min(text.find(each.sign), text.find(each.word)); place != std::string_view::npos)
            found.emplace_back(place, &each);
    std::stable_sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.first < b.first; });
    std::string lines;
    for (const auto& [place, each] : found) {
        const auto line = std::string(each->word) + ": " + std::string(each->meaning);
        for (const auto& part : wrapped(line, width, continued.size())) lines += part + '\n';
    }
    return lines;
}

}  // namespace rxpath
