// net.ipv4.* as far as the receive path reads it: struct netns_ipv4 (include/net/netns/ipv4.h), with the kernel's
// defaults.
#pragma once

#include "models/base/net_device.h"

namespace rxpath {

struct sysctl_ipv4 {
    int ip_early_demux = 1;
    int tcp_early_demux = 1;
    int udp_early_demux = 1;
    int fib_multipath_use_neigh = 0;
    int fib_multipath_hash_policy = 0;
    int fib_multipath_hash_fields = 7;  // FIB_MULTIPATH_HASH_FIELD_*: source, destination, protocol
    int fib_multipath_hash_seed = 0;    // 32 bits; 0 in the kernel: random at boot
    int ip_forward_use_pmtu = 0;
    int ip_forward_update_priority = 1;
    int ip_rt_min_pmtu = 552;     // net.ipv4.route.min_pmtu, bytes
    int ip_rt_mtu_expires = 600;  // net.ipv4.route.mtu_expires, seconds
    int ip_rt_error_cost = 250;   // net.ipv4.route.error_cost and the others: jiffies of 4 ms
    int ip_rt_error_burst = 1250;
    int ip_rt_redirect_load = 5;
    int ip_rt_redirect_number = 9;  // redirects
    int ip_rt_redirect_silence = 5120;
    int tcp_syncookies = 1;
    int tcp_abort_on_overflow = 0;
    int tcp_ecn = 2;  // 0: never; 1: asks for it too; 2: when the peer asks
    int tcp_timestamps = 1;
    int tcp_sack = 1;
    int tcp_dsack = 1;
    int tcp_window_scaling = 1;
    int tcp_stdurg = 0;
    int tcp_moderate_rcvbuf = 1;
    int tcp_backlog_ack_defer = 1;
    int tcp_comp_sack_nr = 44;
    int tcp_invalid_ratelimit = 500;           // milliseconds
    int tcp_challenge_ack_limit = 2147483647;  // in a second
    int tcp_fin_timeout = 60;                  // seconds
    int tcp_rfc1337 = 0;
    int tcp_adv_win_scale = 1;
    int tcp_rmem_min = 4096;        // net.ipv4.tcp_rmem, bytes; read, and of no effect without memory pressure
    int tcp_rmem_default = 131072;  // second value
    int tcp_rmem_max = 6291456;     // third value; less with less memory (tcp_rmem_max_for())
    int rmem_default = 212992;      // net.core.rmem_default, bytes: what a UDP socket may hold
    int rmem_max = 212992;          // net.core.rmem_max, bytes: a window is scaled for so much
    int tcp_max_syn_backlog = 512;  // by memory: this is for 8 GiB (tcp_sk_init())
    int somaxconn = 4096;
    int icmp_echo_ignore_all = 0;
    int icmp_echo_ignore_broadcasts = 1;
    int icmp_ratemask = 0x1818;    // a bit for each ICMP type whose rate is limited
    int icmp_ratelimit = 1000;     // milliseconds between two messages to one host
    int icmp_msgs_per_sec = 1000;  // to all hosts
    int icmp_msgs_burst = 50;
    int icmp_ignore_bogus_error_responses = 1;
    int ip_no_pmtu_disc = 0;
    int ipfrag_high_thresh = 4 * 1024 * 1024;  // bytes of memory
    int ipfrag_low_thresh = 3 * 1024 * 1024;   // read, and of no effect, as in the kernel
    int ipfrag_time = 30;                      // seconds
    int ipfrag_max_dist = 64;                  // fragments of other datagrams; 0: any number
    ipv4_devconf devconf_all;                  // net.ipv4.conf.all.*
    ipv4_devconf devconf_default;              // net.ipv4.conf.default.*: what a new device begins with
};

}  // namespace rxpath
