// What ran: the kernel functions called, in order, with the steps each took, the objects in memory that they worked on
// and, when somebody asks, why.
//
// The semantics write it and know no cycles; cpu/ prices it; explain and replay print it. A trace is reused from one
// softirq run to the next, so the steady state allocates nothing.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <string>
#include <vector>

#include "models/base/kernel_function.h"
#include "models/base/memory_object.h"

namespace rxpath {

struct traced_call {
    function_number function;
    std::uint16_t depth;
    std::uint64_t packet;  // sk_buff::number of whom it was for; 0: all the packets that were worked on below it
};

struct traced_step {
    std::uint32_t call;  // index into calls()
    std::uint8_t step;   // number of the step in its function
    std::uint32_t times;
};

// From here on, the object of its kind that is worked on: calls with numbers from `call` and steps with numbers from
// `step` touch this one, until another of the kind is named.
struct traced_object {
    std::uint32_t call, step;
    memory_object kind;
    heap_address address;
};

// Bytes that a call reads one after the other, as many as there are.
struct traced_stream {
    std::uint32_t call;
    heap_address from;
    std::uint32_t bytes;
};

// A decision in words, for explain: which call took it and why, with the values it looked at.
struct traced_reason {
    std::uint32_t call;
    std::string text;
};

class call_trace {
public:
    // Begins a call below the call that is open now; answers its index.
    std::uint32_t enter(function_number function) {
        m_calls.push_back({function, m_depth++, m_packet});
        m_open.push_back(static_cast<std::uint32_t>(m_calls.size() - 1));
        return m_open.back();
    }
    // Ends the innermost open call.
    void leave() {
        assert(m_depth > 0);
        --m_depth;
        m_open.pop_back();
    }
    // A call with nothing below it.
    void leaf(function_number function) { m_calls.push_back({function, m_depth, m_packet}); }

    // From here on calls are for this packet, by its sk_buff::number.
    void works_for(std::uint64_t packet) { m_packet = packet; }
    // ... for all the packets of a list, a poll or a softirq.
    void works_for_all() { m_packet = 0; }

    template <class Step>
    void took(std::uint32_t call, Step step, std::uint32_t times = 1) {
        assert(m_calls[call].function == function_of(step));
        m_steps.push_back({call, static_cast<std::uint8_t>(step), times});
    }

    // Keeps objects from here on. Without, works_on() and streams() cost nothing.
    void keep_objects(bool keep) { m_keeps_objects = keep; }
    bool keeps_objects() const { return m_keeps_objects; }
    void works_on(memory_object kind, heap_address address) {
        auto& in_work = m_in_work[static_cast<std::size_t>(kind)];
        if (!m_keeps_objects || in_work == address) return;
        in_work = address;
        m_objects.push_back(
            {static_cast<std::uint32_t>(m_calls.size()), static_cast<std::uint32_t>(m_steps.size()), kind, address});
    }
    // The innermost open call reads these bytes.
    void streams(heap_address from, std::uint32_t bytes) {
        if (m_keeps_objects) m_streams.push_back({m_open.back(), from, bytes});
    }
    // Object number `number` of a kind that has a slab.
    void works_on_number(memory_object kind, std::uint64_t number) {
        if (m_keeps_objects) works_on(kind, address_of(kind, number));
    }

    // Keeps reasons from here on. Without, reason() costs nothing: its text is never made.
    void keep_reasons(bool keep) { m_keeps_reasons = keep; }
    // make_text() answers a std::string.
    template <class MakeText>
    void reason(MakeText make_text) {
        if (m_keeps_reasons && !m_open.empty()) m_reasons.push_back({m_open.back(), make_text()});
    }

    const std::vector<traced_call>& calls() const { return m_calls; }
    const std::vector<traced_step>& steps() const { return m_steps; }
    const std::vector<traced_object>& objects() const { return m_objects; }
    const std::vector<traced_stream>& streams() const { return m_streams; }
    const std::vector<traced_reason>& reasons() const { return m_reasons; }
    // Index of the innermost open call; there must be one.
    std::uint32_t open_call() const { return m_open.back(); }
    bool complete() const { return m_depth == 0; }
    void clear();

private:
    std::vector<traced_call> m_calls;
    std::vector<traced_step> m_steps;
    std::vector<traced_object> m_objects;
    std::vector<traced_stream> m_streams;
    std::vector<traced_reason> m_reasons;
    std::vector<std::uint32_t> m_open;
    std::array<heap_address, memory_object_room> m_in_work{};  // by kind; 0: none was named
    std::uint64_t m_packet = 0;
    std::uint16_t m_depth = 0;
    bool m_keeps_objects = false;
    bool m_keeps_reasons = false;
};

// A call for as long as the C++ function that stands for it runs.
class kernel_call {
public:
    kernel_call(call_trace& trace, function_number function) : m_trace(trace), m_index(trace.enter(function)) {}
    ~kernel_call() { m_trace.leave(); }
    kernel_call(const kernel_call&) = delete;
    kernel_call& operator=(const kernel_call&) = delete;

    template <class Step>
    void took(Step step, std::uint32_t times = 1) {
        m_trace.took(m_index, step, times);
    }

private:
    call_trace& m_trace;
    std::uint32_t m_index;
};

}  // namespace rxpath
