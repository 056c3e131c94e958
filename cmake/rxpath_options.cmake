# What every target is compiled with. Warnings are errors; third-party headers are system headers.
add_library(rxpath_options INTERFACE)
# No -Wpedantic: it refuses a variadic macro without arguments, which C++20 allows and kernel_functions/*.def use.
target_compile_options(rxpath_options INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-align=strict
  -Wduplicated-cond -Wlogical-op)
target_include_directories(rxpath_options INTERFACE ${PROJECT_SOURCE_DIR})

set(RXPATH_SANITIZE "" CACHE STRING "Sanitizers to build with: address, undefined")
if(RXPATH_SANITIZE)
  # Under sanitizers GCC 12 sees uninitialised values where there are none: a warning, not an error.
  target_compile_options(rxpath_options INTERFACE -fsanitize=${RXPATH_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  target_link_options(rxpath_options INTERFACE -fsanitize=${RXPATH_SANITIZE})
endif()

# rxpath_layer(NAME [DEPENDS TARGET...]): a static library of the current folder's semantics; one target a layer. Its modules, which
# bind stages together, belong to rxpath_host.
function(rxpath_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "_(module|channel)\\.cpp$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC rxpath_options ${LAYER_DEPENDS})
endfunction()
