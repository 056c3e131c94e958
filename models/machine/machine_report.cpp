#include "models/machine/machine_report.h"

#include <cstdio>
#include <string>
#include <systemc>

namespace rxpath {

namespace {

void handle(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    if ((actions & sc_core::SC_DISPLAY) != 0) {
        const auto line = sc_core::sc_report_compose_message(report) + '\n';
        std::fwrite(line.data(), 1, line.size(), stderr);
    }
    sc_core::sc_report_handler::default_handler(report, actions & ~sc_core::sc_actions{sc_core::SC_DISPLAY});
}

}  // namespace

void send_machine_reports_to_standard_error() { sc_core::sc_report_handler::set_handler(handle); }

}  // namespace rxpath
