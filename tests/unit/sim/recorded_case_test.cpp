// Recorded cases: what is wrong with one is said with the file, the line and the step.
#include "sim/replay/recorded_case.h"

#include <gmock/gmock.h>

#include "tests/unit/sim/scenario_text.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class RecordedCase : public scenario_folder {
protected:
    std::vector<std::string> errors_with(const std::string& text) const {
        try {
            read_case(write(text, "x.json"));
        } catch (const input_error& error) {
            return without_folder(error.messages());
        }
        return {};
    }
};

TEST_F(RecordedCase, StepsKnowTheirLines) {
    const auto recorded =
        read_case(write("{\"case\": \"x\", \"steps\": [\n{\"do\": \"a\"},\n\n{\"do\":\n\"b\"}],\n"
                        "\"kernel\": {\"steps\": [{\"do\": 1}]}}",
                        "x.json"));
    ASSERT_EQ(recorded.steps.size(), 2u);
    EXPECT_EQ(recorded.steps[0].line, 2u);
    EXPECT_EQ(recorded.steps[1].line, 4u);
}

TEST_F(RecordedCase, EveryWrongStepIsNamedWithItsLine) {
    EXPECT_THAT(
        errors_with("{\"case\": \"x\", \"steps\": [\n7,\n{\"do\": \"a\"},\n[],\n{\"packet\": -1}]}"),
        ElementsAre(StartsWith("x.json:2: step 1: found no object"), StartsWith("x.json:4: step 3: found no object"),
                    StartsWith("x.json:5: step 4: packet: found -1")));
}

TEST_F(RecordedCase, NoJsonIsNamedWithItsLine) {
    EXPECT_THAT(errors_with("{\"case\":\n\"x\" 7}"), ElementsAre(StartsWith("x.json:2: no JSON")));
    EXPECT_THAT(errors_with(""), ElementsAre(StartsWith("x.json:1: no JSON")));
}

TEST_F(RecordedCase, NestingHasALimit) {
    const auto nested = [](std::size_t levels) {
        return "{\"case\": \"x\", \"steps\": [],\n\"y\": " + std::string(levels, '[') + std::string(levels, ']') + "}";
    };
    EXPECT_THAT(errors_with(nested(64)), ElementsAre());
    EXPECT_THAT(errors_with(nested(65)), ElementsAre("x.json:2: found more than 64 levels, allowed: at most that"));
    EXPECT_THAT(errors_with(nested(57'000)), ElementsAre(HasSubstr("more than 64 levels")));
}

}  // namespace
}  // namespace rxpath
