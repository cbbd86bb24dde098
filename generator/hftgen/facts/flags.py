"""What compilers are told, and why: each flag stands once, with its reason (docs/build.md lists them)."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from hftgen.spec.build import BASELINES, Platform, Variant

Family = Literal["gnu", "apple", "msvc"]
"""Compilers that take the same flags: gcc and clang on Linux, Apple's clang, Visual C++."""


class Flag(NamedTuple):
    """A flag and its reason. `cxx`: it is for C++ alone; `link`: it is for linking alone."""

    text: str
    reason: str
    cxx: bool = False
    link: bool = False


class Flags(NamedTuple):
    """What a preset tells its compiler. `cpu` is for every file, packages too; the others are its variant's.

    `link` is for executables, `shared` for shared libraries: those never bring a C++ library of their own, since an
    exception that crosses from one to another must be known to both.
    """

    cpu: tuple[str, ...]
    c: tuple[str, ...]
    cxx: tuple[str, ...]
    link: tuple[str, ...]
    shared: tuple[str, ...]


_SYMBOLS = Flag("-g", "line numbers for perf and crash dumps; it changes no instruction")
_FRAMES = Flag("-fno-omit-frame-pointer", "whole stacks in reports")
_O3 = Flag("-O3", "inlines and vectorises more than -O2")
_NO_ASSERT = Flag("-DNDEBUG", "no assert() on the hot path")
_ERRNO = Flag(
    "-fno-math-errno", "sqrt and its kin become instructions; results stay IEEE 754's, unlike with -ffast-math"
)
_PROTECTOR = Flag("-fstack-protector-strong", "only functions with arrays on the stack pay, and those parse messages")
_FORTIFY = (
    Flag("-U_FORTIFY_SOURCE", "distributions define it themselves"),
    Flag("-D_FORTIFY_SOURCE=2", "checks copies of known size, mostly at compile time"),
)
_ASSERTIONS = Flag("-D_GLIBCXX_ASSERTIONS", "checked indices and iterators, without another ABI", cxx=True)

_GNU_RELEASE = (
    _O3,
    _NO_ASSERT,
    _SYMBOLS,
    _ERRNO,
    Flag("-fno-plt", "calls of shared libraries without the jump through a stub"),
    Flag("-ffunction-sections", "with --gc-sections: code that nobody calls takes no instruction cache"),
    Flag("-fdata-sections", "likewise for data"),
    _PROTECTOR,
    *_FORTIFY,
    Flag("-Wl,--gc-sections", "see -ffunction-sections", link=True),
    Flag("-static-libstdc++", "the image's C++ library may be older than the compiler", link=True),
    Flag("-static-libgcc", "likewise", link=True),
)
_GNU_BOUND = Flag(
    "-Wl,-z,relro,-z,now",
    "symbols are bound at start, not at the first call in a session, and stay read-only",
    link=True,
)
_CHECKED = (Flag("-O1", "quick enough, and stacks stay readable"), _SYMBOLS, _FRAMES)
_NO_FORTIFY = Flag("-U_FORTIFY_SOURCE", "its checks hide what sanitizers would see")
_RECOVER = Flag("-fno-sanitize-recover=all", "the first report fails the test")
_MSVC_LINK = (
    Flag("/DEBUG", "line numbers for crash dumps, in a file beside the program", link=True),
    Flag("/OPT:REF", "code that nobody calls is left out", link=True),
    Flag("/OPT:ICF", "equal functions are kept once", link=True),
)

_COMMON: dict[Family, tuple[Flag, ...]] = {
    "gnu": (_GNU_BOUND,),
    "apple": (),
    "msvc": (
        Flag("/EHsc", "exceptions as the standard has them", cxx=True),
        Flag("/permissive-", "the standard's C++, as the other compilers read it", cxx=True),
        Flag("/Zc:__cplusplus", "__cplusplus says the standard that was asked for", cxx=True),
        Flag("/utf-8", "sources are UTF-8 on every machine"),
        Flag("/Z7", "debug information in the object file, where compiler caches find it"),
    ),
}
_RELEASE: dict[Family, tuple[Flag, ...]] = {
    "gnu": _GNU_RELEASE,
    "apple": (_O3, _NO_ASSERT, _SYMBOLS, _ERRNO, _PROTECTOR, Flag("-Wl,-dead_strip", "as --gc-sections", link=True)),
    "msvc": (Flag("/O2", "fast code"), Flag("/DNDEBUG", _NO_ASSERT.reason), *_MSVC_LINK),
}
_DEBUG: dict[Family, tuple[Flag, ...]] = {
    "gnu": (Flag("-O0", "every line can be stepped through"), Flag("-g3", "macros too"), _FRAMES, _ASSERTIONS),
    "apple": (Flag("-O0", "every line can be stepped through"), Flag("-g3", "macros too"), _FRAMES),
    "msvc": (
        Flag("/Od", "every line can be stepped through"),
        Flag("/RTC1", "checks of the stack and of what is unset"),
    ),
}
_CHECKS: dict[Family, tuple[Flag, ...]] = {
    "gnu": (*_CHECKED, _NO_FORTIFY, _ASSERTIONS),
    "apple": _CHECKED,
    "msvc": (Flag("/O1", "quick enough, and stacks stay readable"),),
}


def list_flags(family: Family, variant: Variant, sanitizer: str) -> list[Flag]:
    """The flags of a variant, beside the CPU's."""
    if sanitizer:
        return [*_COMMON[family], *_CHECKS[family], *_sanitize(family, sanitizer)]
    return [*_COMMON[family], *(_DEBUG if variant == "debug" else _RELEASE)[family]]


def write_flags(cpu: Iterable[str], flags: Sequence[Flag]) -> Flags:
    """The same by what they are told to."""
    compiled = [flag for flag in flags if not flag.link]
    c = tuple(flag.text for flag in compiled if not flag.cxx)
    cxx = tuple(flag.text for flag in compiled)
    link = tuple(flag.text for flag in flags if flag.link)
    return Flags(tuple(cpu), c, cxx, link, tuple(text for text in link if not text.startswith("-static-")))


def tell_cpu(platform: Platform, wanted: str) -> str:
    """The flag that chooses the CPU, `wanted` or the platform's baseline.

    On arm64 a CPU is -mcpu's, which sets the architecture and tunes for it; an architecture (armv8.2-a) is -march's.
    """
    cpu = wanted or BASELINES[platform]
    return f"-mcpu={cpu}" if platform == "linux/arm64" and not cpu.startswith("armv") else f"-march={cpu}"


def carry_to_packages(family: Family, sanitizer: str) -> tuple[str, ...]:
    """The flags beside the CPU's that packages are built with: a sanitizer sees only what it was compiled into."""
    if not sanitizer:
        return ()
    return ("/fsanitize=address",) if family == "msvc" else (f"-fsanitize={sanitizer}", "-fno-omit-frame-pointer")


def _sanitize(family: Family, sanitizer: str) -> Iterable[Flag]:
    if family == "msvc":
        yield Flag("/fsanitize=address", "reports each bad access")
        return
    yield Flag(f"-fsanitize={sanitizer}", "reports what it is named for, with both stacks")
    if sanitizer == "undefined":
        yield _RECOVER
