#include "models/base/call_trace.h"

namespace rxpath {

void call_trace::clear() {
    m_calls.clear();
    m_steps.clear();
    m_objects.clear();
    m_streams.clear();
    m_reasons.clear();
    m_open.clear();
    m_in_work = {};
    m_packet = 0;
    m_depth = 0;
}

}  // namespace rxpath
