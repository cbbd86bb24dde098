"""Images: what runs in production is named by its digest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.release import AbTest
from hftgen.spec.rules.scope import Path, Run, list_containers, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import ImageRef

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def pin_images(loaded: "Loaded") -> Iterator[Violation]:
    """Every image of a production environment has a digest: a tag can be moved, and the review would not show it."""
    if loaded.environment.tier != "production":
        return
    for run in list_runs(loaded):
        for where, image in _list_images(run):
            if not image.digest:
                yield Violation(
                    run.path(*where),
                    "production runs only what was reviewed: a tag can be moved to other bytes, a digest cannot",
                    image,
                    f"{image}@sha256:<64 hexadecimal digits>",
                    f"`docker buildx imagetools inspect {image}` prints it",
                )


def _list_images(run: Run) -> Iterator[tuple[Path, ImageRef]]:
    for where, container in list_containers(run.service):
        yield (*where, "image"), container.image
    release = run.service.release
    if isinstance(release, AbTest):
        for name, variant in sorted(release.variants.items()):
            yield ("release", "variants", name, "image"), variant.image
