"""Changes of a spec and what a cluster is given for them: changes/base.yaml, and each file beside it as a change of it.

To have another change tried, add a file changes/<name>.yaml that extends base.yaml. It says in its first line what it
changes. Its environment is called `staging`, as the base's is. What cannot change in place stands in changes/refused/.
"""

import functools
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from hftgen.calendars import Calendars
from hftgen.pipeline import Demand, Pipeline
from hftgen.render.templates import discover
from tests.e2e.cluster.deliveries import sort
from tests.tools import checkout, kustomize, manifests

FOLDER = Path(__file__).with_name("changes")
_ENVIRONMENT = "staging"
_CLUSTER = "main"
_AS_OF = date(2026, 7, 1)
_BASE = "extends: base.yaml\nenvironment: staging\n"

Objects = dict[manifests.Key, Any]


class Step(NamedTuple):
    """From one state to another: what is applied, in its order, and what is pruned."""

    applied: list[Any]
    pruned: list[Any]


def list_changes() -> list[str]:
    """The names of all changes that a cluster must take."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml") if file.stem != "base")


def list_refused() -> list[str]:
    """The names of all changes that a cluster cannot take in place."""
    return sorted(f"refused/{file.stem}" for file in FOLDER.glob("refused/*.yaml"))


def compile_base(folder: Path) -> Objects:
    """What the cluster `main` of the base is given; `folder` is for files that are made on the way."""
    return _compile(folder, _BASE)


def compile_change(folder: Path, name: str) -> Objects:
    """What the cluster is given once the change is made."""
    return _compile(folder, (FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def find_step(before: Objects, after: Objects) -> Step:
    """What a sync does: everything that differs is applied, everything that is gone is pruned."""
    applied = [one for key, one in after.items() if before.get(key) != one]
    return Step(sort(applied), [one for key, one in before.items() if key not in after])


def _compile(folder: Path, spec: str) -> Objects:
    specs, tree = folder / "specs", folder / "tree"
    specs.mkdir(parents=True)
    shutil.copy(FOLDER / "base.yaml", specs)
    (specs / f"{_ENVIRONMENT}.yaml").write_text(spec, encoding="utf-8")
    compiled = Pipeline(specs, _templates(), Calendars(), _AS_OF).compile(_ENVIRONMENT, Demand())
    for path, data in compiled.files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)
    return manifests.index(list(_read(tree)))


def _read(tree: Path) -> Iterator[Any]:
    overlays = sorted(file.parent for file in tree.glob(f"kustomize/overlays/{_CLUSTER}/*/kustomization.yaml"))
    own = sorted(file.parent for file in tree.glob(f"argocd/{_CLUSTER}/**/kustomization.yaml"))
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(kustomize.build, [*overlays, *own]))
    files = [file for file in sorted(tree.glob(f"argocd/{_CLUSTER}/**/*.yaml")) if file.parent not in own]
    texts += [file.read_text(encoding="utf-8") for file in files]
    for text in texts:
        yield from manifests.read(text)


@functools.cache
def _templates() -> Any:
    return discover([checkout.REPOSITORY / "templates"])
