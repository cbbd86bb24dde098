"""What hft-trading is built with: conan install . --profile:host profiles/PRESET --profile:build profiles/build."""

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class Project(ConanFile):
    """The whole repository; its services are targets of one CMake project."""

    name = "hft-trading"
    settings = "os", "arch", "compiler", "build_type"
    # Linked into the executables: an image then holds one file, and no call goes through a table of another library.
    default_options = {"*:shared": False}

    def requirements(self) -> None:
        """One version of each, as the spec says."""
        self.requires("boost/1.86.0")
        self.requires("fmt/11.0.2")
        self.requires("quickfix/1.15.1")

    def layout(self) -> None:
        """The folders of the CMake preset that the profile is for."""
        cmake_layout(self)
        preset = self.conf.get("user.cmake:preset", default=None)
        if preset:
            self.folders.build = f"build/{preset}"
            self.folders.generators = f"build/{preset}/generators"

    def generate(self) -> None:
        """What find_package() and the presets read; CMakePresets.json is the repository's own."""
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.generate()

    def build(self) -> None:
        """Configure, build and test, for `conan build`."""
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
        cmake.test()
