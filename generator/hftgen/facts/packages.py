"""The packages that the services are built with, as Conan and vcpkg call them."""

from collections.abc import Iterable

from hftgen.facts.record import Facts
from hftgen.spec.build import Build, is_vcpkg_name
from hftgen.spec.service import Service

# The registry at vcpkg's release 2025.09.17: what no spec's version says is taken as it was then.
BASELINE = "4334d8b4c8916018600212ab4dd4bbdc343065d1"


def describe_packages(project: str, build: Build, services: Iterable[Service]) -> Facts:
    """`requires`: `{name, version}` of every package that the build or a service needs, by name; `vcpkg`: see below.

    vcpkg's files are made where it is the package manager, and beside Conan's, for who prefers it, where it can say all
    names. `name` is left out of it where vcpkg could not say the project's.
    """
    wanted = {str(name): str(version) for name, version in build.requires.items()}
    for service in services:
        wanted |= {
            str(name): str(version) for name, version in (service.build.requires if service.build else {}).items()
        }
    requires = [{"name": name, "version": version} for name, version in sorted(wanted.items())]
    sayable = build.packages != "none" and all(is_vcpkg_name(name) for name in wanted)
    vcpkg = {"baseline": find_baseline(build), **({"name": project} if is_vcpkg_name(project) else {})}
    return {"requires": requires, **({"vcpkg": vcpkg} if sayable else {})}


def find_baseline(build: Build) -> str:
    """The commit of vcpkg's registry that says all other versions."""
    return str(build.baseline or BASELINE)
