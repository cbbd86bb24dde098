# Linux on amd64: gcc 13, the machine's own or, where the machine is of another kind, a cross compiler.
# It says who compiles; CMakePresets.json says how.
set(_prefix "")
if(NOT CMAKE_HOST_SYSTEM_PROCESSOR STREQUAL "x86_64")
  set(CMAKE_SYSTEM_NAME Linux)
  set(CMAKE_SYSTEM_PROCESSOR x86_64)
  set(_prefix "x86_64-linux-gnu-")
endif()

# Distributions name a version that stands beside others; an image with one version names it plainly.
find_program(_c NAMES ${_prefix}gcc-13 ${_prefix}gcc NO_CACHE)
find_program(_cxx NAMES ${_prefix}g++-13 ${_prefix}g++ NO_CACHE)
set(_version "absent")
if(_c AND _cxx)
  execute_process(COMMAND ${_cxx} -dumpversion OUTPUT_VARIABLE _version OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
# Another version is another program than the one that was tested and measured.
if(NOT _version MATCHES "^13(\\.|$)")
  message(FATAL_ERROR "The spec says gcc 13, and ${_prefix}g++ is ${_version} here: "
    "install ${_prefix}g++-13, or build in the builder image.")
endif()
set(CMAKE_C_COMPILER ${_c})
set(CMAKE_CXX_COMPILER ${_cxx})
