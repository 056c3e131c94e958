// Who holds what, when nothing runs: each reference to a socket or a dst_entry has a holder, each sk_buff is free, and
// a socket without an application is one that the kernel keeps by itself. What is left over has leaked: a fault of the
// model, never of a scenario.
//
// Plain C++. A run may have stopped with packets at work; they are holders then. Left out: fragments that wait (they
// keep no sk_buff and no dst here).
#pragma once

#include <string>
#include <vector>

#include "models/ip/network_namespace.h"

namespace rxpath {

// The holders outside the namespace.
struct outside_holders {
    std::vector<const sock_common*> open;  // sockets that an application holds, listeners included
    std::vector<const dst_entry*> looped;  // dsts of packets that wait for the backlog's poll
    std::vector<const sk_buff*> packets;   // sk_buffs at work, and whether a softirq run works on them:
    bool in_softirq = false;               // without one, nobody does
};

// A line for people about each object that nobody owns, or that has another number of references than holders; none:
// all is well. A socket that no application holds may be half open, wait for accept(), or end by itself (FIN_WAIT1,
// CLOSING, LAST_ACK, TIME_WAIT).
std::vector<std::string> unowned(network_namespace& net, const outside_holders& outside);

}  // namespace rxpath
