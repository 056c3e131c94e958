// struct inet_hashinfo (include/net/inet_hashtables.h): TCP's tables. Several namespaces may share one.
#pragma once

#include "models/socket/established_table.h"
#include "models/socket/listener_table.h"

namespace rxpath {

struct inet_hashinfo {
    // 65536 buckets are those of a host with 8 GiB (thash_entries_for()).
    explicit inet_hashinfo(std::uint32_t secret, std::size_t ehash_entries = 65536)
        : ehash(ehash_entries, secret), lhash2(lhash2_entries, secret) {}

    established_table ehash;
    listener_table lhash2;

private:
    static constexpr std::size_t lhash2_entries = 4096;  // one for 2 MiB of memory
};

}  // namespace rxpath
