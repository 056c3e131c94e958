// `ip neigh`: whether a neighbour is there and valid.
#include "models/command/routing_command.h"

namespace rxpath {

namespace {

// "permanent", "reachable" and so on: is it one of NUD_VALID?
bool parse_nud(command_words& words) {
    for (const auto* valid : {"permanent", "noarp", "reachable", "probe", "stale", "delay"})
        if (words.take(valid)) return true;
    for (const auto* invalid : {"none", "incomplete", "failed"})
        if (words.take(invalid)) return false;
    throw command_error{
        fmt::format("nud '{}': permanent, noarp, reachable, stale, delay, probe, none, incomplete or failed is allowed",
                    words.peek())};
}

}  // namespace

void apply_neigh_command(ipv4_routing& routing, command_words& words) {
    const auto verb = words.next("add, change, replace or del");
    const bool del = verb == "del" || verb == "delete";
    if (!del && verb != "add" && verb != "change" && verb != "replace")
        throw command_error{fmt::format("'ip neigh {}': add, change, replace or del is allowed", verb)};
    words.take("to");
    const auto address = words.address("neighbour");
    const net_device* device = nullptr;
    bool valid = true, permanent = true;
    while (!words.done()) {
        if (words.take("lladdr")) {
            words.next("link-layer address");
        } else if (words.take("dev")) {
            device = &words.device(routing.devices());
        } else if (words.take("nud") || words.take("state")) {
            permanent = words.peek() == "permanent";
            valid = parse_nud(words);
        } else {
            words.expect_end();
        }
    }
    if (!device) throw command_error{"'dev DEVICE' is missing"};
    if (!del) return routing.set_neighbour(*device, address, valid, permanent);
    if (!routing.neighbours().remove(*device, address))
        throw command_error{fmt::format("{} has no neighbour {}", device->name, address.to_string())};
}

}  // namespace rxpath
