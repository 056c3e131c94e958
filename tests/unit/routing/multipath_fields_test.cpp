// Which fields of a packet, or of a flow that this host sends, choose among next hops: what fib_multipath_hash() of
// net/ipv4/route.c puts into the key under each policy. Hashes are only compared with one another.
#include "models/routing/multipath.h"
#include "routing_fixture.h"

namespace rxpath {
namespace {

struct transport {
    std::uint8_t protocol = ipproto_tcp;
    std::uint16_t sport = 1000, dport = 80;
};

class multipath_fields : public routing_fixture {
protected:
    using bytes = std::vector<std::uint8_t>;

    // A header of 20 bytes and eight of what it carries.
    static bytes header(std::string_view from, std::string_view to, const transport& t = {}) {
        auto made = make_packet(from, to, 0, t.protocol).bytes;
        made.resize(28);
        made[20] = static_cast<std::uint8_t>(t.sport >> 8), made[21] = static_cast<std::uint8_t>(t.sport);
        made[22] = static_cast<std::uint8_t>(t.dport >> 8), made[23] = static_cast<std::uint8_t>(t.dport);
        return made;
    }
    // `inner` in a packet from one tunnel's end to the other.
    static bytes tunnelled(const bytes& inner, std::string_view from = "192.0.2.1") {
        auto made = header(from, "192.0.2.2", {ipproto_ipip});
        made.resize(20);
        made.insert(made.end(), inner.begin(), inner.end());
        return made;
    }
    // An ICMP message of a router about `quoted`.
    static bytes icmp(std::uint8_t type, const bytes& quoted) {
        auto made = header("192.0.2.77", "10.0.0.2", {ipproto_icmp});
        made[20] = type;
        made[21] = made[22] = made[23] = 0;
        made.insert(made.end(), quoted.begin(), quoted.end());
        return made;
    }
    std::uint32_t hash(const bytes& of) {
        packet made;
        made.bytes = of;
        made.length = {of.size()};
        m_skb.fill(made, made.length);
        return fib_multipath_hash(m_context, m_routing, m_skb, nullptr);
    }
    std::uint32_t hash(const flowi4& flow) { return fib_multipath_hash(m_context, m_routing, flow); }
    void policy(int number, int fields = 7) {
        run("sysctl net.ipv4.fib_multipath_hash_policy=" + std::to_string(number));
        run("sysctl net.ipv4.fib_multipath_hash_fields=" + std::to_string(fields));
    }
    const bytes m_base = header("10.0.0.2", "198.51.100.7");
};

// ip_multipath_l3_keys(): an error goes the way of the packet that it quotes, whichever direction that had.
TEST_F(multipath_fields, IcmpErrorGoesTheWayOfThePacketItIsAbout) {
    for (const auto error : bytes{3, 4, 5, 11, 12}) EXPECT_EQ(hash(icmp(error, m_base)), hash(m_base)) << +error;
    const auto outer = hash(header("192.0.2.77", "10.0.0.2"));
    for (const auto other : bytes{0, 8, 13, 14, 17, 18}) EXPECT_EQ(hash(icmp(other, m_base)), outer) << +other;
}

TEST_F(multipath_fields, LaterFragmentOfAnIcmpErrorQuotesNothing) {
    auto fragment = icmp(3, m_base);
    fragment[6] = 0x20;  // the first of several still does
    EXPECT_EQ(hash(fragment), hash(m_base));
    fragment[7] = 1;
    EXPECT_EQ(hash(fragment), hash(header("192.0.2.77", "10.0.0.2")));
}

TEST_F(multipath_fields, IcmpErrorThatIsCutOffIsTakenAsItIs) {
    const auto outer = hash(header("192.0.2.77", "10.0.0.2"));
    auto cut = icmp(3, m_base);
    cut.resize(20 + 8 + 19);  // a byte of the quoted header is missing
    EXPECT_EQ(hash(cut), outer);
    cut.resize(20 + 7);  // and of the ICMP header
    EXPECT_EQ(hash(cut), outer);
}

// Policy 3: each bit of net.ipv4.fib_multipath_hash_fields brings in one field, and no other.
struct field {
    int bit;
    const char* from;
    const char* to;
    transport carried;
};
constexpr field fields[] = {{0x01, "10.0.0.3", "198.51.100.7", {}},
                            {0x02, "10.0.0.2", "198.51.100.8", {}},
                            {0x04, "10.0.0.2", "198.51.100.7", {ipproto_udp}},
                            {0x10, "10.0.0.2", "198.51.100.7", {ipproto_tcp, 1001, 80}},
                            {0x20, "10.0.0.2", "198.51.100.7", {ipproto_tcp, 1000, 81}}};

TEST_F(multipath_fields, EachBitBringsInOneFieldOfThePacket) {
    for (const auto& chosen : fields) {
        policy(3, chosen.bit);
        for (const auto& changed : fields)
            EXPECT_EQ(hash(header(changed.from, changed.to, changed.carried)) != hash(m_base),
                      chosen.bit == changed.bit)
                << chosen.bit << " " << changed.bit;
    }
}

TEST_F(multipath_fields, BitsSixHigherBringInTheFieldsOfWhatATunnelCarries) {
    for (const auto& chosen : fields) {
        policy(3, chosen.bit << 6);
        for (const auto& changed : fields)
            EXPECT_EQ(hash(tunnelled(header(changed.from, changed.to, changed.carried))) != hash(tunnelled(m_base)),
                      chosen.bit == changed.bit)
                << chosen.bit << " " << changed.bit;
        EXPECT_EQ(hash(tunnelled(m_base, "192.0.2.9")), hash(tunnelled(m_base))) << "the outer source";
        EXPECT_EQ(hash(m_base), hash(header("10.0.0.3", "198.51.100.8"))) << "nothing is inside";
    }
}

TEST_F(multipath_fields, OuterBitsLookAtTheTunnelOnly) {
    policy(3, 0x01);
    EXPECT_EQ(hash(tunnelled(m_base)), hash(tunnelled(header("10.0.0.3", "198.51.100.7"))));
    EXPECT_NE(hash(tunnelled(m_base)), hash(tunnelled(m_base, "192.0.2.9")));
}

// Policy 1 takes the outer packet's five-tuple, policy 2 the innermost addresses.
TEST_F(multipath_fields, PolicyOneLooksAtTheTunnelAndPolicyTwoIntoIt) {
    policy(1);
    EXPECT_EQ(hash(tunnelled(m_base)), hash(tunnelled(header("10.0.0.3", "198.51.100.7"))));
    policy(2);
    EXPECT_EQ(hash(tunnelled(m_base)), hash(m_base));
    EXPECT_EQ(hash(tunnelled(m_base)), hash(tunnelled(m_base, "192.0.2.9")));
    EXPECT_EQ(hash(m_base), hash(header("10.0.0.2", "198.51.100.7", {ipproto_udp, 1, 2})));
}

class multipath_fields_of_a_flow : public multipath_fields {
protected:
    static flowi4 flow(const field& of) {
        flowi4 made;
        made.saddr = *parse_ipv4_address(of.from);
        made.daddr = *parse_ipv4_address(of.to);
        made.flowi4_proto = of.carried.protocol;
        made.fl4_sport = of.carried.sport;
        made.fl4_dport = of.carried.dport;
        return made;
    }
    // The fields that change the hash, as bits.
    int that_count() {
        int found = 0;
        for (const auto& changed : fields)
            if (hash(flow(changed)) != hash(flow({0, "10.0.0.2", "198.51.100.7", {}}))) found |= changed.bit;
        return found;
    }
};

TEST_F(multipath_fields_of_a_flow, AreTheAddressesUnlessThePolicySaysOtherwise) {
    EXPECT_EQ(that_count(), 0x03);
    policy(1);
    EXPECT_EQ(that_count(), 0x37);
    policy(2);
    EXPECT_EQ(that_count(), 0x03);
    for (const int chosen : {0x01, 0x02, 0x04, 0x10, 0x20, 0x37}) {
        policy(3, chosen);
        EXPECT_EQ(that_count(), chosen);
    }
    policy(3, 0x1c0);  // of a tunnel's inside: a flow has none
    EXPECT_EQ(hash(flow(fields[0])), 0u);
}

}  // namespace
}  // namespace rxpath
