#include "sim/support/input_file.h"

#include "models/cpu/regular_file.h"
#include "sim/support/error.h"

namespace rxpath {

void check_input_file(const std::string& file, std::uint64_t most_bytes) {
    try {
        check_regular_file(file, most_bytes);
    } catch (const std::invalid_argument& error) {
        throw input_error(error.what());
    }
}

std::string read_input_file(const std::string& file, std::uint64_t most_bytes) {
    try {
        return read_regular_file(file, most_bytes);
    } catch (const std::invalid_argument& error) {
        throw input_error(error.what());
    }
}

}  // namespace rxpath
