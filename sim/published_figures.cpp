#include "sim/published_figures.h"

namespace rxpath {

// clang-format off
const std::vector<published_figure>& published_figures() {
    static const std::vector<published_figure> figures{
        {"V1", "local receive, dropped before the socket (Linux e495f78d787b)", "337 ns a packet, lookup 87 ns",
         "no: times of a processor that is not named"},
        {"V2", "forwarding, depth 7 (Linux e495f78d787b)", "453 ns a packet, lookup 113 ns",
         "no: times of a processor that is not named"},
        {"V3", "LOCAL and MAIN in one trie (Linux 0ddcf43d5d4a)", "20 to 30 ns less", "no scenario"},
        {"V4", "input lookup, rp_filter on over off (Linux 5e9965c15ba8)", "1.256 times as long", "no scenario"},
        {"V5", "UDP flood to one address, route hint", "1683 to 1871 Kpps", "no scenario"},
        {"V7", "pure forwarding, early demux on", "4.1 % less, at most 5 %", "no scenario"},
        {"V9", "752k routes over one, 4000 destinations (XDP paper, 2018)", "153 ns more", "no scenario"},
        {"V12", "64-byte frames at 10 Gbit/s", "67.2 ns, 201 cycles at 3 GHz", "no: a budget, not a measurement"},
        {"V13", "input cache by destination", "17.4 % more packets", "no: Linux 6.12 has no such cache"},
        {"V14", "cold socket, sk_rx_dst on one line (Linux 43f51df41729)", "one line fewer",
         "no: the older layout is not modelled"},
    };
    return figures;
}
// clang-format on

std::string published_figures_text(const text_style& style) {
    using side = table::side;
    table out({{"figure", side::left}, {"of", side::left}, {"published", side::left}, {"checked here", side::left}});
    for (const auto& each : published_figures()) {
        out.row({std::string(each.name), std::string(each.setup), std::string(each.figure), std::string(each.here)});
    }
    return style.bold("Published figures") + "\n\n" + out.text(style);
}

}  // namespace rxpath
