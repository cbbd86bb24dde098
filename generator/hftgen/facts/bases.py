"""Images that others begin from: what is known of them, and the digests that pin them."""

import re
from typing import NamedTuple

from hftgen.tables import Tables

# What Docker itself puts before a name without a registry.
USUAL = re.compile(r"^(docker\.io/)?(library/)?")


class Distribution(NamedTuple):
    """Where an image gets its packages: its codename, its release, and the versions of compilers that it has."""

    name: str
    release: int
    gcc: tuple[str, ...] = ()
    clang: tuple[str, ...] = ()

    def has(self, compiler: str, version: str) -> bool:
        """Whether it packages a compiler of this first number."""
        return version in {"gcc": self.gcc, "clang": self.clang}.get(compiler, ())


# packages.debian.org and packages.ubuntu.com. `release` is that of their glibc: 2.35, 2.36, ...
DISTRIBUTIONS = {
    "jammy": Distribution("jammy", 235, ("9", "10", "11", "12"), ("11", "12", "13", "14", "15")),
    "bookworm": Distribution("bookworm", 236, ("11", "12"), ("13", "14", "15", "16", "19")),
    "noble": Distribution("noble", 239, ("9", "10", "11", "12", "13", "14"), ("14", "15", "16", "17", "18")),
    "trixie": Distribution("trixie", 241, ("12", "13", "14"), ("17", "18", "19")),
}
NUMBERS = {"debian:12": "bookworm", "debian:13": "trixie", "ubuntu:22.04": "jammy", "ubuntu:24.04": "noble"}
RUNTIMES = {"debian12": "bookworm", "debian13": "trixie"}


def pin(reference: str, tables: Tables) -> str:
    """The reference with its digest: the one that it names, else the table's; as it is where nobody knows one."""
    known = tables.images.get(USUAL.sub("", reference)) or tables.images.get(reference)
    return reference if "@" in reference or known is None else f"{reference}@{known}"


def is_pinned(reference: str, tables: Tables) -> bool:
    """Whether a reference means one image and no other."""
    return "@" in pin(reference, tables)


def find_distribution(reference: str) -> Distribution | None:
    """The distribution that an image is made from, by its name or a mirror's; None where the name does not tell."""
    last = reference.partition("@")[0].rpartition("/")[2]
    for number, codename in NUMBERS.items():
        if last == number or last.startswith((f"{number}.", f"{number}-")):
            return DISTRIBUTIONS[codename]
    words = set(re.split(r"[:.-]", last))
    names = {**{name: name for name in DISTRIBUTIONS}, **RUNTIMES}
    return next((DISTRIBUTIONS[name] for word, name in names.items() if word in words), None)


def has_compiler(reference: str, compiler: str, version: str) -> bool:
    """Whether an image's name says that it brings the compiler itself: `gcc:13-bookworm`."""
    name, _, tag = reference.partition("@")[0].rpartition("/")[2].partition(":")
    return name == compiler and re.match(rf"{re.escape(version)}(\D|$)", tag) is not None


# What images of languages say of their version; distroless images have that of their Debian.
_VERSIONS = {
    "java": re.compile(r"(?:temurin[-:]|jdk-?|java|corretto[-:]|openjdk[-:])([1-9][0-9]?)"),
    "python": re.compile(r"^python:([0-9]+[.][0-9]+)"),
}
_DEBIANS = {"python3-debian12": "3.11", "python3-debian13": "3.13"}


def find_version(reference: str, language: str) -> str | None:
    """The version of a language that an image brings, by its name; None where the name does not tell."""
    last = reference.partition("@")[0].rpartition("/")[2]
    pattern = _VERSIONS.get(language)
    found = pattern.search(last) if pattern else None
    return found[1] if found else _DEBIANS.get(last.partition(":")[0]) if language == "python" else None
