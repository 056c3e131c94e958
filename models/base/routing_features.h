// Parts of routing that Linux 6.12 has and earlier kernels had not: off, to compare with what their authors published.
#pragma once

namespace rxpath {

struct routing_features {
    // ip_list_rcv() lets a packet copy the dst of the one before (commit 02b24941619f).
    bool hint = true;
    // Without rules LOCAL is a second name of MAIN's trie, and one lookup answers both (commit 0ddcf43d5d4a). Apart, a
    // lookup asks LOCAL first, and is charged for it as for MAIN.
    bool local_and_main_merged = true;
};

}  // namespace rxpath
