"""The trees that are checked: the committed one, and one of each folder of platforms/, rendered for the occasion.

To have another application checked, add a folder `platforms/<name>/specs/`, and `data/` where it has its own tables.
The corpus of the templates' unit tests is checked too.
"""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.tree import Overlay, Tree
from tests.tools import checkout, kustomize, manifests
from tests.tools.process import run

_PLATFORMS = Path(__file__).with_name("platforms")
_CORPUS = checkout.REPOSITORY / "tests" / "unit" / "templates"
_FOLDERS = {"corpus": _CORPUS, **{folder.name: folder for folder in sorted(_PLATFORMS.iterdir())}}
_COMMITTED = "committed"


class Built(NamedTuple):
    """An overlay as it is applied: its text, and the objects in it."""

    text: str
    objects: dict[manifests.Key, Any]


@pytest.fixture(scope="session")
def committed() -> Tree:
    """The committed tree alone."""
    return Tree(checkout.REPOSITORY)


@pytest.fixture(scope="session", params=[_COMMITTED, *_FOLDERS])
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A repository and what is rendered in it."""
    if request.param == _COMMITTED:
        return Tree(checkout.REPOSITORY)
    repository = tmp_path_factory.mktemp(request.param)
    for name in ("specs", "data"):
        if (folder := _FOLDERS[request.param] / name).exists():
            shutil.copytree(folder, repository / name)
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=repository)
    assert done.code == 0, done.both()
    return Tree(repository)


@pytest.fixture(scope="session")
def built(tree: Tree) -> dict[Overlay, Built]:
    """Every overlay of a tree, built by kustomize once for all checks."""
    overlays = tree.overlays()
    with ThreadPoolExecutor() as pool:
        texts = list(pool.map(kustomize.build, [overlay.folder for overlay in overlays]))
    return {
        overlay: Built(text, manifests.index(manifests.read(text)))
        for overlay, text in zip(overlays, texts, strict=True)
    }
