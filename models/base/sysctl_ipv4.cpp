#include "models/base/sysctl_ipv4.h"

#include "models/base/sysctl_names.h"

namespace rxpath {

namespace {

template <class Owner>
struct named_setting {
    std::string_view name;
    int Owner::*setting;
};

constexpr named_setting<sysctl_ipv4> sysctls_by_name[] = {
    {"ip_early_demux", &sysctl_ipv4::ip_early_demux},
    {"tcp_early_demux", &sysctl_ipv4::tcp_early_demux},
    {"udp_early_demux", &sysctl_ipv4::udp_early_demux},
    {"fib_multipath_use_neigh", &sysctl_ipv4::fib_multipath_use_neigh},
    {"fib_multipath_hash_policy", &sysctl_ipv4::fib_multipath_hash_policy},
    {"fib_multipath_hash_fields", &sysctl_ipv4::fib_multipath_hash_fields},
    {"fib_multipath_hash_seed", &sysctl_ipv4::fib_multipath_hash_seed},
    {"ip_forward_use_pmtu", &sysctl_ipv4::ip_forward_use_pmtu},
    {"ip_forward_update_priority", &sysctl_ipv4::ip_forward_update_priority},
    {"route.min_pmtu", &sysctl_ipv4::ip_rt_min_pmtu},
    {"route.mtu_expires", &sysctl_ipv4::ip_rt_mtu_expires},
    {"route.error_cost", &sysctl_ipv4::ip_rt_error_cost},
    {"route.error_burst", &sysctl_ipv4::ip_rt_error_burst},
    {"route.redirect_load", &sysctl_ipv4::ip_rt_redirect_load},
    {"route.redirect_number", &sysctl_ipv4::ip_rt_redirect_number},
    {"route.redirect_silence", &sysctl_ipv4::ip_rt_redirect_silence},
    {"tcp_syncookies", &sysctl_ipv4::tcp_syncookies},
    {"tcp_abort_on_overflow", &sysctl_ipv4::tcp_abort_on_overflow},
    {"tcp_ecn", &sysctl_ipv4::tcp_ecn},
    {"tcp_timestamps", &sysctl_ipv4::tcp_timestamps},
    {"tcp_sack", &sysctl_ipv4::tcp_sack},
    {"tcp_dsack", &sysctl_ipv4::tcp_dsack},
    {"tcp_window_scaling", &sysctl_ipv4::tcp_window_scaling},
    {"tcp_stdurg", &sysctl_ipv4::tcp_stdurg},
    {"tcp_moderate_rcvbuf", &sysctl_ipv4::tcp_moderate_rcvbuf},
    {"tcp_backlog_ack_defer", &sysctl_ipv4::tcp_backlog_ack_defer},
    {"tcp_comp_sack_nr", &sysctl_ipv4::tcp_comp_sack_nr},
    {"tcp_invalid_ratelimit", &sysctl_ipv4::tcp_invalid_ratelimit},
    {"tcp_challenge_ack_limit", &sysctl_ipv4::tcp_challenge_ack_limit},
    {"tcp_fin_timeout", &sysctl_ipv4::tcp_fin_timeout},
    {"tcp_rfc1337", &sysctl_ipv4::tcp_rfc1337},
    {"tcp_adv_win_scale", &sysctl_ipv4::tcp_adv_win_scale},
    {"tcp_max_syn_backlog", &sysctl_ipv4::tcp_max_syn_backlog},
    {"icmp_echo_ignore_all", &sysctl_ipv4::icmp_echo_ignore_all},
    {"icmp_echo_ignore_broadcasts", &sysctl_ipv4::icmp_echo_ignore_broadcasts},
    {"icmp_ratemask", &sysctl_ipv4::icmp_ratemask},
    {"icmp_ratelimit", &sysctl_ipv4::icmp_ratelimit},
    {"icmp_msgs_per_sec", &sysctl_ipv4::icmp_msgs_per_sec},
    {"icmp_msgs_burst", &sysctl_ipv4::icmp_msgs_burst},
    {"icmp_ignore_bogus_error_responses", &sysctl_ipv4::icmp_ignore_bogus_error_responses},
    {"ip_no_pmtu_disc", &sysctl_ipv4::ip_no_pmtu_disc},
    {"ipfrag_high_thresh", &sysctl_ipv4::ipfrag_high_thresh},
    {"ipfrag_low_thresh", &sysctl_ipv4::ipfrag_low_thresh},
    {"ipfrag_time", &sysctl_ipv4::ipfrag_time},
    {"ipfrag_max_dist", &sysctl_ipv4::ipfrag_max_dist},
};

constexpr named_setting<ipv4_devconf> devconf_by_name[] = {
    {"forwarding", &ipv4_devconf::forwarding},
    {"rp_filter", &ipv4_devconf::rp_filter},
    {"accept_local", &ipv4_devconf::accept_local},
    {"route_localnet", &ipv4_devconf::route_localnet},
    {"src_valid_mark", &ipv4_devconf::src_valid_mark},
    {"log_martians", &ipv4_devconf::log_martians},
    {"send_redirects", &ipv4_devconf::send_redirects},
    {"accept_redirects", &ipv4_devconf::accept_redirects},
    {"secure_redirects", &ipv4_devconf::secure_redirects},
    {"shared_media", &ipv4_devconf::shared_media},
    {"accept_source_route", &ipv4_devconf::accept_source_route},
    {"bc_forwarding", &ipv4_devconf::bc_forwarding},
    {"drop_unicast_in_l2_multicast", &ipv4_devconf::drop_unicast_in_l2_multicast},
    {"ignore_routes_with_linkdown", &ipv4_devconf::ignore_routes_with_linkdown},
    {"promote_secondaries", &ipv4_devconf::promote_secondaries},
};

template <class Table, class Owner>
int* find(const Table& table, Owner& owner, std::string_view name) {
    for (const auto& entry : table)
        if (entry.name == name) return &(owner.*entry.setting);
    return nullptr;
}

template <class Table>
std::string names(const Table& table) {
    std::string all;
    for (const auto& entry : table) all.append(all.empty() ? "" : ", ").append(entry.name);
    return all;
}

}  // namespace

int* find_sysctl(sysctl_ipv4& sysctls, std::string_view name) { return find(sysctls_by_name, sysctls, name); }

int* find_devconf(ipv4_devconf& conf, std::string_view name) { return find(devconf_by_name, conf, name); }

std::string sysctl_names() { return names(sysctls_by_name) + ", ip_forward, conf.DEVICE.NAME"; }

std::string devconf_names() { return names(devconf_by_name); }

}  // namespace rxpath
