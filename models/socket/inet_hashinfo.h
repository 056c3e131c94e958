// struct inet_hashinfo (include/net/inet_hashtables.h): TCP's tables. Several namespaces may share one.
#pragma once

#include "models/socket/established_table.h"
#include "models/socket/listener_table.h"

namespace rxpath {

constexpr std::size_t default_ehash_entries = 65536;  // a host with 8 GiB (thash_entries_for())

struct inet_hashinfo {
    explicit inet_hashinfo(std::uint32_t secret, std::size_t ehash_entries = default_ehash_entries)
        : ehash(ehash_entries, secret), lhash2(lhash2_entries, secret) {}

    established_table ehash;
    listener_table lhash2;

private:
    static constexpr std::size_t lhash2_entries = 4096;  // one for 2 MiB of memory
};

}  // namespace rxpath
