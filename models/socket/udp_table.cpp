#include "models/socket/udp_table.h"

#include <algorithm>

#include "models/base/jhash.h"

namespace rxpath {

std::size_t udp_table::slot(ipv4_address address, port_number port) const {
    return (jhash_1word(address.value, m_secret) ^ port.value) & (bucket_count - 1);  // ipv4_portaddr_hash()
}

const std::vector<udp_sock*>& udp_table::bucket(ipv4_address address, port_number port) const {
    return m_buckets[slot(address, port)];
}

void udp_table::insert(udp_sock& sk) {
    auto& bucket = m_buckets[slot(sk.skc_rcv_saddr, sk.skc_num)];
    bucket.insert(bucket.begin(), &sk);
    ++m_ports[sk.skc_num.value & (bucket_count - 1)];
    sk.skc_hashed = true;
}

void udp_table::remove(udp_sock& sk) {
    if (!sk.skc_hashed) return;
    auto& bucket = m_buckets[slot(sk.skc_rcv_saddr, sk.skc_num)];
    bucket.erase(std::remove(bucket.begin(), bucket.end(), &sk), bucket.end());
    --m_ports[sk.skc_num.value & (bucket_count - 1)];
    sk.skc_hashed = false;
}

}  // namespace rxpath
