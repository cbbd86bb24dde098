"""`kubectl apply -k` works with every overlay: the kustomize inside kubectl makes what the pinned one makes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay
from tests.tools import pins
from tests.tools.process import run

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("admission")]


def test_kubectl_builds_the_same(built: dict[Overlay, Built]) -> None:
    """Byte for byte, without a warning."""
    with ThreadPoolExecutor(2) as pool:
        made = dict(zip(built, pool.map(_build, [overlay.folder for overlay in built]), strict=True))
    assert [str(overlay) for overlay, text in made.items() if text != built[overlay].text] == []


def _build(folder: Path) -> str:
    return run([pins.BIN / "kubectl", "kustomize", folder]).both() + "\n"
