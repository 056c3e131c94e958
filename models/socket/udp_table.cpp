#include "models/socket/udp_table.h"

#include <algorithm>

#include "models/base/jhash.h"

namespace rxpath {

namespace {

void add(udp_table::bucket_list& bucket, udp_sock& sk) { bucket.insert(bucket.begin(), &sk); }
void take(udp_table::bucket_list& bucket, udp_sock& sk) {
    bucket.erase(std::remove(bucket.begin(), bucket.end(), &sk), bucket.end());
}

}  // namespace

// ipv4_portaddr_hash()
std::size_t udp_table::address_slot(ipv4_address address, port_number port) const {
    return (jhash_1word(address.value, m_secret) ^ port.value) & (bucket_count - 1);
}

void udp_table::insert(udp_sock& sk) {
    add(m_by_port[port_slot(sk.skc_num)], sk);
    add(m_by_address[address_slot(sk.skc_rcv_saddr, sk.skc_num)], sk);
    sk.skc_hashed = true;
}

void udp_table::remove(udp_sock& sk) {
    if (!sk.skc_hashed) return;
    take(m_by_port[port_slot(sk.skc_num)], sk);
    take(m_by_address[address_slot(sk.skc_rcv_saddr, sk.skc_num)], sk);
    sk.skc_hashed = false;
}

void udp_table::rehash(udp_sock& sk, ipv4_address address) {
    take(m_by_address[address_slot(sk.skc_rcv_saddr, sk.skc_num)], sk);
    sk.skc_rcv_saddr = address;
    add(m_by_address[address_slot(address, sk.skc_num)], sk);
}

}  // namespace rxpath
