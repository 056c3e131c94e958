// A capture as traffic: what the recorded host received goes onto the wire at the recorded times; what it sent tells
// what its application did, so that the model's sockets send and close at the same times.
#pragma once

#include <functional>

#include "models/base/host_spec.h"
#include "models/wire/traffic.h"

namespace rxpath {

class capture_traffic : public traffic {
public:
    // `host_sent` is told of each frame that the recorded host sent.
    capture_traffic(const replay_spec& spec, std::size_t device, std::function<void(const packet&)> host_sent)
        : m_spec(spec), m_device(device), m_host_sent(std::move(host_sent)) {}

    std::optional<picoseconds> next_turn() const override {
        if (m_next == m_spec.frames.size()) return std::nullopt;
        return m_spec.frames[m_next].time;
    }
    void take_turn(picoseconds /*now*/, packet_sink& sink) override {
        const auto& frame = m_spec.frames[m_next++];
        if (frame.sent)
            m_host_sent(frame.frame);
        else
            sink.emit(frame.frame, m_device);
    }
    void hear(const sent_packet& /*sent*/, picoseconds /*now*/, packet_sink& /*sink*/) override {}

private:
    const replay_spec& m_spec;
    std::size_t m_device;
    std::function<void(const packet&)> m_host_sent;
    std::size_t m_next = 0;
};

}  // namespace rxpath
