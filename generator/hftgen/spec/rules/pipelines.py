"""Pipelines: images that are built have a place to go."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def push_images_somewhere(loaded: "Loaded") -> Iterator[Violation]:
    """Pipelines that build images, as `build.container` or a service's `build` says, know the registry they push to."""
    ci, build = loaded.environment.ci, loaded.environment.build
    if ci is None or ci.registry is not None:
        return
    built = [name for name, service in sorted(loaded.environment.services.items()) if service.build is not None]
    enabled = [str(name) for name in built if (said := loaded.environment.services[name].build) and said.enabled]
    if enabled or (build is not None and build.container is not None):
        which = f"services.{enabled[0]}.build" if enabled else "build.container"
        yield Violation(
            ("ci",),
            f"{which} has images built, and nothing says where pipelines push them",
            "no registry",
            "registry: registry.example.com/hft",
            "name the registry, or leave the images to somebody else",
        )
