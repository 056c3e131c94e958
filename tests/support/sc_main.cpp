// The SystemC library wants one in every program; nobody calls it, because GoogleTest's main() is there.
extern "C" int sc_main(int, char**) { return 0; }
