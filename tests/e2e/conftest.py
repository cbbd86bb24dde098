"""What kustomize makes of every overlay, built once for all checks."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e import rendered
from tests.e2e.rendered import Overlay
from tests.tools import kustomize, manifests


class Built(NamedTuple):
    """An overlay as it is applied: its text, and the objects in it."""

    text: str
    objects: dict[manifests.Key, Any]


@pytest.fixture(scope="session")
def built() -> dict[Overlay, Built]:
    """Every overlay below rendered/, built."""
    overlays = [overlay for environment in rendered.environments() for overlay in rendered.overlays(environment)]
    with ThreadPoolExecutor() as pool:
        texts = list(pool.map(kustomize.build, [overlay.folder for overlay in overlays]))
    return {
        overlay: Built(text, manifests.index(manifests.read(text)))
        for overlay, text in zip(overlays, texts, strict=True)
    }


@pytest.fixture(scope="session")
def argocd_settings() -> dict[Path, str]:
    """The folders below argocd/ that kustomize builds, with what it makes of them."""
    files = [
        file
        for environment in rendered.environments()
        for file in sorted((rendered.RENDERED / environment / "argocd").rglob("kustomization.yaml"))
    ]
    return {file.parent: kustomize.build(file.parent) for file in files}
