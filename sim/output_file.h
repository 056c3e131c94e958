// Files that appear whole or not at all: written beside their place under another name, then renamed.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

namespace rxpath {

class output_file {
public:
    // Opens it for writing, at once, so that an unwritable place is known before anything is simulated.
    // Throws input_error.
    explicit output_file(std::string path);
    // Without commit() nothing is left behind.
    ~output_file();
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    void write(std::string_view text) { m_stream << text; }
    // Throws std::runtime_error when the disk did not take all of it.
    void commit();

private:
    std::string m_path, m_temporary;
    std::ofstream m_stream;
    bool m_committed = false;
};

// A folder for outputs: made when it is not there, and removed again, if empty, unless keep() is called.
class output_folder {
public:
    // Throws input_error when it cannot be made.
    explicit output_folder(std::string path);
    ~output_folder();
    output_folder(const output_folder&) = delete;
    output_folder& operator=(const output_folder&) = delete;

    std::string file(std::string_view name) const;
    void keep() { m_made = false; }

private:
    std::string m_path;
    bool m_made = false;
};

}  // namespace rxpath
