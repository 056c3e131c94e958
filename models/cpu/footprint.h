// The cache lines that a call trace touches: what the access profile says of its calls and steps, at the addresses of
// the objects that they worked on.
//
// The trace is read as it grows. Of what is new, first come the calls with what every call of theirs touches, then the
// steps, then the bytes read as streams: the order within a stage's work is not the kernel's.
#pragma once

#include <array>
#include <cstddef>

#include "models/base/call_trace.h"
#include "models/cpu/access_profile.h"

namespace rxpath {

// An access of a call to a line.
struct line_access {
    heap_address line;  // where it begins
    bool is_write;
    bool in_walk;  // its address was found in the object before it
};

class footprint {
public:
    explicit footprint(const access_profile& profile) : m_profile(profile) {}

    // The trace was cleared. No object is worked on until the trace names one, but those there is one of:
    // the namespace, its net.ipv4.conf.all and its rules, the task, the kernel's image, the core's stack and own data.
    void restart() {
        m_calls = m_steps = m_streams = 0;
        m_of_calls = m_of_steps = objects_in_force{};
    }

    // Calls visit(call index, line_access) for each access that is new in the trace. A line may come more than once.
    // What touches an object that nobody has named is left out.
    template <class Visit>
    void visit_new(const call_trace& trace, Visit visit) {
        const auto& calls = trace.calls();
        for (; m_calls < calls.size(); ++m_calls) {
            m_of_calls.catch_up(trace, [this](const traced_object& next) { return next.call <= m_calls; });
            const auto call = static_cast<std::uint32_t>(m_calls);
            visit_part(m_profile.base(calls[m_calls].function), m_of_calls, call, visit);
        }
        for (; m_steps < trace.steps().size(); ++m_steps) {
            m_of_steps.catch_up(trace, [this](const traced_object& next) { return next.step <= m_steps; });
            const auto& step = trace.steps()[m_steps];
            visit_part(m_profile.step(calls[step.call].function, step.step), m_of_steps, step.call, visit);
        }
        for (; m_streams < trace.streams().size(); ++m_streams) {
            const auto& stream = trace.streams()[m_streams];
            for (auto line = line_of(stream.from); line < stream.from + stream.bytes; line += cache_line_bytes)
                visit(stream.call, line_access{line, false, false});
        }
    }

private:
    static heap_address line_of(heap_address address) { return address / cache_line_bytes * cache_line_bytes; }

    // The objects worked on at one place of the trace.
    struct objects_in_force {
        objects_in_force();
        template <class Reached>
        void catch_up(const call_trace& trace, Reached reached) {
            for (; next < trace.objects().size() && reached(trace.objects()[next]); ++next)
                address[static_cast<std::size_t>(trace.objects()[next].kind)] = trace.objects()[next].address;
        }

        std::array<heap_address, memory_object_room> address{};
        std::size_t next = 0;  // in the trace's objects()
    };

    template <class Visit>
    static void visit_part(const access_range& part, const objects_in_force& objects, std::uint32_t call, Visit visit) {
        for (const auto& access : part) {
            const auto address = objects.address[static_cast<std::size_t>(access.object)];
            if (address == 0) continue;
            visit(call, line_access{line_of(address + access.offset), access.is_write, access.in_walk});
        }
    }

    const access_profile& m_profile;
    objects_in_force m_of_calls, m_of_steps;
    std::size_t m_calls = 0, m_steps = 0, m_streams = 0;
};

}  // namespace rxpath
