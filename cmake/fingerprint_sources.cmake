# cmake -D ROOT=... -D OUTPUT=... -P fingerprint_sources.cmake: writes program_code, a fingerprint of the sources of the model and
# the program. It depends on their content and their names below ROOT alone: the same in every build of the same sources.
file(GLOB_RECURSE sources RELATIVE ${ROOT} ${ROOT}/models/* ${ROOT}/sim/*)
list(FILTER sources INCLUDE REGEX "\\.(cpp|h|in|def|csv)$")
list(SORT sources)
set(all "")
foreach(source ${sources})
  file(SHA256 ${ROOT}/${source} hash)
  string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 code "${all}")
string(SUBSTRING ${code} 0 16 code)
file(WRITE ${OUTPUT} "#include \"sim/study/program_code.h\"\n\nconst std::string_view rxpath::program_code = \"${code}\";\n")
