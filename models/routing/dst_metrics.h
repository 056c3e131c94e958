// Route metrics (struct dst_metrics, include/net/dst.h; RTAX_*, include/uapi/linux/rtnetlink.h).
//
// dst_entry::_metrics points at them; its two low bits say whether they may be written and whether they are counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rxpath {

enum class rtax : std::uint8_t {
    unspec,
    lock,
    mtu,
    window,
    rtt,
    rttvar,
    ssthresh,
    cwnd,
    advmss,
    reordering,
    hoplimit,
    initcwnd,
    features,
    rto_min,
    initrwnd,
    quickack,
    cc_algo,
    fastopen_no_cookie
};
constexpr std::size_t rtax_max = 17;  // RTAX_MAX: metrics of a route, RTAX_LOCK to RTAX_FASTOPEN_NO_COOKIE

struct alignas(4) dst_metrics {
    std::array<std::uint32_t, rtax_max> metrics{};  // metrics[rtax - 1]
    std::uint32_t refcnt = 0;                       // refcount_t
};

extern const dst_metrics dst_default_metrics;  // all zero: every metric is the protocol's default

constexpr std::uintptr_t dst_metrics_read_only = 1;   // DST_METRICS_READ_ONLY
constexpr std::uintptr_t dst_metrics_refcounted = 2;  // DST_METRICS_REFCOUNTED
constexpr std::uintptr_t dst_metrics_flags = 3;

}  // namespace rxpath
