// main() of tests that link SystemC, whose library has a main() of its own and asks for an sc_main().
// SystemC knows one simulation a process: CTest runs each test in its own, so run one test at a time by hand too.
//
// What SystemC or the model reports, a warning or worse, fails the test; an error is thrown as well.
#include <gtest/gtest.h>

#include <systemc>

extern "C" int sc_main(int, char**) { return 0; }

namespace {

void fail_test(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    if (report.get_severity() != sc_core::SC_INFO) ADD_FAILURE() << sc_core::sc_report_compose_message(report);
    sc_core::sc_report_handler::default_handler(report, actions);
}

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    sc_core::sc_report_handler::set_handler(fail_test);
    return RUN_ALL_TESTS();
}
