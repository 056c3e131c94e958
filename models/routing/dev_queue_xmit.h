// dev_queue_xmit() (net/core/dev.c) as far as it decides something: a device without carrier drops what it is given.
#pragma once

#include "models/base/kernel_functions/helpers.h"
#include "models/base/net_device.h"
#include "models/base/receive_context.h"

namespace rxpath {

// False: the queueing discipline stands still (noop_qdisc), and packet `number` is dropped.
inline bool dev_queue_xmit(receive_context& context, const net_device& dev, std::uint64_t number) {
    if (dev.qdisc_active || dev.loopback) return true;
    context.drop(number, drop_reason::QDISC_DROP, fn::ip_output);
    return false;
}

}  // namespace rxpath
