"""Images: what runs in production is named by its digest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.release import AbTest
from hftgen.spec.rules.scope import Path, Run, list_containers, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.units import ImageRef

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def pin_images(loaded: "Loaded") -> Iterator[Violation]:
    """Every image that a production environment names has a digest: a tag can be moved, and no review shows it."""
    if loaded.environment.tier != "production":
        return
    for path, image in _list_all(loaded):
        if not image.digest:
            yield Violation(
                path,
                "production runs only what was reviewed: a tag can be moved to other bytes, a digest cannot",
                image,
                f"{image}@sha256:<64 hexadecimal digits>",
                f"`docker buildx imagetools inspect {image}` prints it",
            )


def _list_all(loaded: "Loaded") -> Iterator[tuple[Path, ImageRef]]:
    """Every image that the spec names."""
    for run in list_runs(loaded):
        yield from ((run.path(*where), image) for where, image in _list_images(run))
    for name, datastore in sorted(loaded.environment.datastores.items()):
        if isinstance(datastore, ClusterDatastore) and datastore.image is not None:
            yield ("datastores", name, "image"), datastore.image


def _list_images(run: Run) -> Iterator[tuple[Path, ImageRef]]:
    for where, container in list_containers(run.service):
        yield (*where, "image"), container.image
    release = run.service.release
    if isinstance(release, AbTest):
        for name, variant in sorted(release.variants.items()):
            yield ("release", "variants", name, "image"), variant.image
