// route_model: a host without traffic, to be asked what it would do. tools/judge asks it and the running kernel.
//
// Each line of standard input is a command; each answer is one line of JSON on standard output.
//   device NAME                    a device appears                        {}
//   ip ... | sysctl ...            the host is configured                  {} or {"refused": WHY}
//   ip route get [fibmatch] DST from SRC iif DEV [tos T] [mark M] [ipproto P] [sport P] [dport P]
//                                  as `ip -json route get` answers         {...} or {"error": ERRNO}
//   trie                           the tables' nodes and routes            {"trie": /proc/net/fib_trie}
#include <cerrno>
#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "models/command/routing_command.h"
#include "models/ip/network_namespace.h"
#include "models/routing/fib_trie_proc.h"
#include "tools/routing_judge/route_json.h"

namespace rxpath {

using nlohmann::json;

namespace {

std::uint8_t parse_protocol(command_words& words) {
    if (words.take("tcp")) return ipproto_tcp;
    if (words.take("udp")) return ipproto_udp;
    return static_cast<std::uint8_t>(words.number("ipproto", 0, 255));
}

route_question parse_question(command_words& words, const device_list& devices) {
    route_question question;
    question.dst = words.address("destination");
    while (!words.done()) {
        if (words.take("from")) {
            question.src = words.address("from");
        } else if (words.take("iif")) {
            question.iif = &words.device(devices);
        } else if (words.take("tos")) {
            question.tos = static_cast<std::uint8_t>(words.number("tos", 0, 255));
        } else if (words.take("mark")) {
            question.mark = words.number("mark", 0, 0xffffffff);
        } else if (words.take("ipproto")) {
            question.ipproto = parse_protocol(words);
        } else if (words.take("sport")) {
            question.sport.value = static_cast<std::uint16_t>(words.number("sport", 0, 65535));
        } else if (words.take("dport")) {
            question.dport.value = static_cast<std::uint16_t>(words.number("dport", 0, 65535));
        } else {
            words.expect_end();
        }
    }
    if (!question.iif) throw command_error{"'iif DEVICE' is missing"};
    return question;
}

class routing_host {
public:
    json answer(std::string_view line) {
        command_words words{line};
        if (words.take("device")) return device(words);
        if (words.take("trie")) return trie();
        if (words.take("ip") && words.take("route") && words.take("get")) return get(words);
        const auto refusal = apply_ip_command(m_host.routing, m_host.devices, line, m_now += milliseconds(2000));
        m_host.routing.run_timers(m_now);
        m_host.routing.rcu_quiescent_state();
        return refusal ? json{{"refused", *refusal}} : json::object();
    }

private:
    json device(command_words& words) {
        m_host.routing.device_registered(m_host.devices.add(std::string{words.next("device")}));
        return json::object();
    }

    // Tables as the kernel lists them: by the low byte of their number, newest first.
    json trie() const {
        std::string text;
        for (std::uint32_t bucket = 0; bucket < 256; ++bucket)
            for (const auto& table : m_host.routing.table_bucket(bucket)) text += fib_trie_seq_show(*table);
        return {{"trie", text}};
    }

    json get(command_words& words) {
        const bool fibmatch = words.take("fibmatch");
        const auto question = parse_question(words, m_host.devices);
        m_trace.clear();
        const auto answer = route_get(m_context, m_host.routing, m_skb, question);
        const auto made = describe(question, answer, fibmatch);
        skb_dst_drop(m_context, m_skb);
        m_host.routing.rcu_quiescent_state();
        return made;
    }

    json describe(const route_question& question, const route_answer& answer, bool fibmatch) {
        if (answer.error != 0) return {{"error", -answer.error}};
        if (!fibmatch) return taken_route_json(question, answer);
        if (answer.result.fi) return matched_route_json(answer, m_host.routing.devconf_all());
        const int error = fib_props(answer.result.type).error;
        return {{"error", error != 0 ? -error : EHOSTUNREACH}};
    }

    network_namespace m_host;
    call_trace m_trace;
    picoseconds m_now{};  // each command finds the one before settled
    random_source m_random;
    receive_context m_context{m_trace, m_random, {}};
    sk_buff m_skb;
};

}  // namespace

int answer_lines() {
    std::ios::sync_with_stdio(false);
    routing_host host;
    for (std::string line; std::getline(std::cin, line);) {
        try {
            std::cout << host.answer(line) << '\n';
        } catch (const command_error& error) {
            std::cerr << fmt::format("route_model: '{}': {}\n", line, error.text);
            return 2;
        }
    }
    return EXIT_SUCCESS;
}

}  // namespace rxpath

int main() { return rxpath::answer_lines(); }
