// What the stages of one core hand to each other: the packets at work. There is one token a core, since a core runs the
// packets it has taken to completion.
#pragma once

#include <vector>

#include "models/base/sk_buff.h"

namespace rxpath {

struct receive_token {
    const std::vector<sk_buff*>* list = nullptr;  // napi to ip_receive, ip_receive to ip_deliver
    bool is_list = false;                         // as a list, or a single packet
    sk_buff* packet = nullptr;                    // the one in early demux, routing or the socket layer
    int route_error = 0;                          // what early demux or routing answered: 0 or a negative errno
};

}  // namespace rxpath
