# Packages of vcpkg for Linux on amd64, with the sanitizer compiled in.
set(VCPKG_TARGET_ARCHITECTURE x64)
set(VCPKG_CRT_LINKAGE dynamic)
# Linked into the executables: an image then holds one file.
set(VCPKG_LIBRARY_LINKAGE static)
set(VCPKG_CMAKE_SYSTEM_NAME Linux)
set(VCPKG_CHAINLOAD_TOOLCHAIN_FILE "${CMAKE_CURRENT_LIST_DIR}/../toolchains/linux-amd64.cmake")
# CMake 4 refuses sources that ask for less.
set(VCPKG_CMAKE_CONFIGURE_OPTIONS "-DCMAKE_POLICY_VERSION_MINIMUM=3.5")
# Packages are optimised in every preset.
set(VCPKG_BUILD_TYPE release)
set(VCPKG_C_FLAGS "-march=x86-64-v3 -fsanitize=undefined -fno-omit-frame-pointer")
set(VCPKG_CXX_FLAGS "-march=x86-64-v3 -fsanitize=undefined -fno-omit-frame-pointer")
