"""CMake's presets: CMake takes them, and this machine's compiler builds and tests the sample with each."""

import json
import shutil
import struct
import xml.etree.ElementTree as ET

import pytest

from tests.e2e.build.conftest import Lay
from tests.e2e.build.project import Compiler, Project, name_target

pytestmark = pytest.mark.delivery

HERE, THERE = name_target(), name_target(other=True)
CPU = {"linux-amd64": "-march=x86-64-v3", "linux-arm64": "-mcpu=neoverse-n1"}
RELEASE = {"-O3", "-DNDEBUG", "-g", "-fno-math-errno", "-fno-plt", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"}
CHECKED = {"-O1", "-g", "-fno-omit-frame-pointer", "-D_GLIBCXX_ASSERTIONS"}
FLAGS = {
    "debug": {"-O0", "-g3", "-D_GLIBCXX_ASSERTIONS"},
    "release": RELEASE,
    "lto": RELEASE,
    "benchmark": RELEASE,
    "asan": CHECKED | {"-fsanitize=address"},
    "ubsan": CHECKED | {"-fsanitize=undefined", "-fno-sanitize-recover=all"},
    "tsan": CHECKED | {"-fsanitize=thread"},
}
MACHINE = {"linux-amd64": 62, "linux-arm64": 183}  # e_machine of ELF
NEVER = {"-ffast-math", "-Ofast", "-march=native", "-mcpu=native", "-fno-exceptions"}


@pytest.mark.parametrize("variant", FLAGS)
def test_a_preset_builds_and_tests(plain: Project, variant: str) -> None:
    """With the flags that it promises, for each file; its tests are found, run and reported."""
    preset = f"{HERE}-{variant}"
    plain.work(preset)
    told = plain.commands(preset)
    assert told
    for command in told:
        assert {CPU[HERE], "-std=c++20", *FLAGS[variant]} <= set(command)
        assert not NEVER & set(command)
        assert any(word.startswith("-flto") for word in command) == (variant == "lto")
    report = ET.parse(plain.out(preset) / "junit.xml").getroot()
    assert int(report.attrib["tests"]) == (1 if variant == "benchmark" else 2)
    assert report.attrib["failures"] == "0"


@pytest.mark.parametrize(
    ("variant", "mistake", "words"),
    [
        ("asan", "address", "heap-buffer-overflow"),
        ("ubsan", "undefined", "signed integer overflow"),
        ("tsan", "thread", "data race"),
    ],
)
def test_a_sanitizer_finds_what_it_is_for(plain: Project, variant: str, mistake: str, words: str) -> None:
    """A mistake that the test program makes on demand fails it; without the demand it passes."""
    plain.work(f"{HERE}-{variant}")
    program = plain.out(f"{HERE}-{variant}") / "book-test"
    environment = next(preset for preset in plain.presets()["testPresets"] if preset["name"] == f"{HERE}-{variant}")
    done = plain.run(program, mistake, **environment["environment"])
    assert done.code != 0
    assert words in done.err
    plain.insist(program, **environment["environment"])


@pytest.mark.parametrize("variant", ["release", "lto"])
def test_what_is_shipped_brings_its_own_library(plain: Project, variant: str) -> None:
    """No C++ library is asked of the image, and every symbol is bound at start; the package says what it holds."""
    preset = f"{HERE}-{variant}"
    plain.work(preset)
    read = plain.insist("readelf", "--dynamic", plain.out(preset) / "trading-engine")
    assert "libstdc++" not in read
    assert "libgcc_s" not in read
    assert "BIND_NOW" in read or "NOW" in read
    packages = plain.out(preset) / "packages"
    assert (packages / f"sample-1.4.0-{HERE}.tar.gz").is_file()
    assert (packages / f"sample-1.4.0-{HERE}.tar.gz.sha256").is_file()


def test_only_this_system_s_presets_are_offered(plain: Project) -> None:
    """Those of others are refused with CMake's own words; nothing is configured with the wrong compiler."""
    offered = plain.insist("cmake", "--list-presets=configure")
    assert f'"{HERE}-release"' in offered
    assert "macos" not in offered
    assert "windows" not in offered
    done = plain.run("cmake", "--preset", "windows-release")
    assert done.code != 0
    assert "disabled" in done.err


def test_presets_of_other_systems_are_whole(lay: Lay) -> None:
    """Were this machine one of theirs, CMake would offer them all and know all they say."""
    elsewhere = lay()
    file = elsewhere.folder / "CMakePresets.json"
    presets = elsewhere.presets()
    text = json.dumps(presets).replace('"Darwin"', '"Linux"').replace('"Windows"', '"Linux"')
    file.write_text(text, encoding="utf-8")
    names = [preset["name"] for preset in presets["configurePresets"] if not preset.get("hidden")]
    offered = elsewhere.insist("cmake", "--list-presets=all")
    assert [name for name in names if f'"{name}"' not in offered] == []
    compilers = ("-DCMAKE_C_COMPILER=cc", "-DCMAKE_CXX_COMPILER=c++")
    # The flags of Apple's clang that debug builds and sanitizers use are gcc's too; those of Visual C++ are nobody's.
    for variant in ("debug", "asan", "ubsan", "tsan"):
        elsewhere.insist("cmake", "--preset", f"macos-{variant}", *compilers)
    no_flags = ("-DCMAKE_C_FLAGS_RELEASE=", "-DCMAKE_CXX_FLAGS_RELEASE=", "-DCMAKE_EXE_LINKER_FLAGS=")
    elsewhere.insist("cmake", "--preset", "windows-release", *compilers, *no_flags)


def test_the_other_architecture_is_cross_compiled(plain: Project, compiler: Compiler) -> None:
    """By the cross compiler of the same version; where it is not installed, that is what is said."""
    triplet = {"linux-amd64": "x86_64-linux-gnu", "linux-arm64": "aarch64-linux-gnu"}[THERE]
    names = [f"{triplet}-g++-{compiler.version}", f"{triplet}-g++"] if compiler.name == "gcc" else [f"/usr/{triplet}"]
    done = plain.run("cmake", "--preset", f"{THERE}-release")
    if not any(shutil.which(name) or name.startswith("/") for name in names):
        assert done.code != 0
        assert f"install {names[0]}" in " ".join(done.err.split())
        return
    assert done.code == 0, done.both()
    plain.insist("cmake", "--build", "--preset", f"{THERE}-release")
    header = (plain.out(f"{THERE}-release") / "trading-engine").read_bytes()[:20]
    assert struct.unpack_from("<H", header, 18)[0] == MACHINE[THERE]


def test_another_version_of_the_compiler_is_refused(lay: Lay, compiler: Compiler) -> None:
    """The image is built by the version that the spec says, or not at all."""
    other = str(int(compiler.version) - 1)
    project = lay(compiler={"name": compiler.name, "version": other})
    if shutil.which(f"{'g++' if compiler.name == 'gcc' else 'clang++'}-{other}"):
        project.insist("cmake", "--preset", f"{HERE}-debug")
        return
    done = project.run("cmake", "--preset", f"{HERE}-debug")
    assert done.code != 0
    assert f"The spec says {compiler.name} {other}" in " ".join(done.err.split())


def test_makefiles_do_as_well(lay: Lay) -> None:
    """Where there is no Ninja."""
    project = lay(generator="Unix Makefiles", presets=["release"], standard=17)
    project.work(f"{HERE}-release")
    assert all("-std=c++17" in command for command in project.commands(f"{HERE}-release"))


def test_a_cpu_is_the_spec_s(lay: Lay) -> None:
    """For each platform its own."""
    project = lay(march={"linux/amd64": "haswell", "linux/arm64": "neoverse-v1"})
    project.insist("cmake", "--preset", f"{HERE}-release")
    wanted = {"linux-amd64": "-march=haswell", "linux-arm64": "-mcpu=neoverse-v1"}[HERE]
    assert all(wanted in command for command in project.commands(f"{HERE}-release"))
