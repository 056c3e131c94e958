// A packet that this host sent and receives itself, before the backlog has taken it.
#pragma once

#include "models/base/sk_buff.h"

namespace rxpath {

struct looped_packet {
    packet frame;
    net_device* dev = nullptr;  // where it appears: the loopback device, or the one whose broadcast it is
    dst_entry* dst = nullptr;   // the way that it was sent; the packet holds a reference
};

}  // namespace rxpath
