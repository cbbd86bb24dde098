"""The packages that the services are built with, as Conan and vcpkg call them."""

import re

from hftgen.facts.record import Facts
from hftgen.spec.build import VCPKG_NAME, Build

# The registry at vcpkg's release 2025.09.17: what no spec's version says is taken as it was then.
BASELINE = "4334d8b4c8916018600212ab4dd4bbdc343065d1"


def describe_packages(project: str, build: Build) -> Facts:
    """`requires`: `{name, version}` of every package, by name; `vcpkg` where its files are made.

    They are made where vcpkg is the package manager, and beside Conan's, for who prefers it, where it can say all
    names. `name` is left out of it where vcpkg could not say the project's.
    """
    requires = [{"name": str(name), "version": str(version)} for name, version in sorted(build.requires.items())]
    wanted = build.packages != "none" and all(is_vcpkg_name(name) for name in build.requires)
    vcpkg = {"baseline": find_baseline(build), **({"name": project} if is_vcpkg_name(project) else {})}
    return {"requires": requires, **({"vcpkg": vcpkg} if wanted else {})}


def find_baseline(build: Build) -> str:
    """The commit of vcpkg's registry that says all other versions."""
    return str(build.baseline or BASELINE)


def is_vcpkg_name(name: str) -> bool:
    """Whether vcpkg takes it for a package's name."""
    return re.fullmatch(VCPKG_NAME, name) is not None
