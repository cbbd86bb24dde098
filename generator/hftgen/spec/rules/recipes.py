"""How images are built: what is said of one must be enough, and must not contradict another's."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.rules.violation import Violation
from hftgen.spec.service_build import ServiceBuild

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def say_the_compiler(loaded: "Loaded") -> Iterator[Violation]:
    """A C++ service that is built here needs the section `build`, which says by what."""
    if loaded.environment.build is not None:
        return
    for name, build in _list_builds(loaded):
        if build.language == "cpp":
            yield Violation(
                ("services", name, "build"),
                "builds C++, and nothing says with which compiler",
                expected="the section build, with a compiler",
                hint="a service of another language says `build: {language: ...}`",
            )


def build_an_image_one_way(loaded: "Loaded") -> Iterator[Violation]:
    """Services that run one image agree on how it is built."""
    ways: dict[str, tuple[str, ServiceBuild]] = {}
    for name, build in _list_builds(loaded):
        image = loaded.environment.services[name].image.repository
        first, way = ways.setdefault(image, (name, build))
        different = [field for field in type(build).model_fields if getattr(build, field) != getattr(way, field)]
        if different:
            yield Violation(
                ("services", name, "build", different[0]),
                f"builds {image} in another way than service {first} does",
                getattr(build, different[0]),
                str(getattr(way, different[0])),
                "an image is built once: say the same for both, or give each an image of its own",
            )


def _list_builds(loaded: "Loaded") -> list[tuple[str, ServiceBuild]]:
    """What services say of their builds, by name."""
    services = loaded.environment.services
    found = [(str(name), service.build) for name, service in sorted(services.items())]
    return [(name, build) for name, build in found if build is not None and build.enabled]
