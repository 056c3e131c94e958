#!/usr/bin/env python3
"""That every function is found, whatever its signature looks like."""
import unittest

from cpp_functions import functions


def sizes(text):
    return list(functions(text))


class Functions(unittest.TestCase):
    def test_OneLineIsOne(self):
        self.assertEqual(sizes("int two() { return 2; }\n"), [(1, 1)])

    def test_SignatureThatWrapsBelongsToIt(self):
        self.assertEqual(sizes("void f(int one,\n       int two) {\n    g();\n}\n"), [(4, 1)])

    def test_ConstructorWithInitialisers(self):
        self.assertEqual(sizes("a::a(int n)\n    : m_n{n},\n      m_other(n) {\n    go();\n}\n"), [(5, 1)])

    def test_TemplatesAndTestsAreFunctions(self):
        self.assertEqual(sizes("template <class T>\nT f() {\n}\n\nTEST(core, Waits) {\n    f();\n}\n"), [(3, 1), (3, 5)])

    def test_MembersOfClassesInNamespacesAreFound(self):
        self.assertEqual(sizes("namespace x {\nclass a : public b {\npublic:\n    int n{0};\n    void f() {\n    }\n};\n}\n"),
                         [(2, 5)])

    def test_LambdasAndBlocksBelongToTheirFunction(self):
        self.assertEqual(sizes("void f() {\n    each([] {\n        if (x) {\n        }\n    });\n}\n"), [(6, 1)])

    def test_BracesInTextCommentsAndMacrosOpenNothing(self):
        self.assertEqual(sizes('#define M(n) \\\n    struct n {\nvoid f() {\n    g("{", \'{\', 1\'000);  // {\n}\nvoid h() {}\n'),
                         [(3, 3), (1, 6)])

    def test_TablesAndEnumerationsAreNone(self):
        self.assertEqual(sizes("enum class e : int { a, b };\nconst int t[] = {f(1), {2}};\nstruct s {\n    int n = g();\n};\n"), [])


if __name__ == "__main__":
    unittest.main()
