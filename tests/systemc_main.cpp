// main() of tests that link SystemC, whose library has a main() of its own and asks for an sc_main().
// SystemC knows one simulation a process: CTest runs each test in its own, so run one test at a time by hand too.
#include <gtest/gtest.h>

extern "C" int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
