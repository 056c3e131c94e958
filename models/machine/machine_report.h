// What SystemC itself has to say, a warning or a note: on standard error, because standard output is for results.
#pragma once

namespace rxpath {

// For the whole process. SystemC's errors stay exceptions.
void send_machine_reports_to_standard_error();

}  // namespace rxpath
