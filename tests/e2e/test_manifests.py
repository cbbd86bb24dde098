"""Every object that a cluster is given is one that its API server knows."""

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay, Tree
from tests.tools import kustomize, manifests
from tests.tools.kubeconform import judge

pytestmark = pytest.mark.tools


def test_something_is_rendered(tree: Tree) -> None:
    """A check of nothing is no check: each environment has overlays, Applications and a chart."""
    assert tree.environments()
    for environment in tree.environments():
        assert environment in {overlay.environment for overlay in tree.overlays()}
        assert environment in {release.environment for release in tree.releases()}
        assert tree.argocd_files(environment)


def test_kubernetes_knows_every_object(tmp_path: Path, tree: Tree, built: dict[Overlay, Built]) -> None:
    """Every object of every overlay and of Argo CD passes kubeconform -strict; none is passed over."""
    texts = [(overlay.environment, text) for overlay, (text, _) in built.items()]
    texts += [
        (environment, file.read_text(encoding="utf-8"))
        for environment in tree.environments()
        for file in tree.argocd_files(environment)
    ]
    texts += [(folder.relative_to(tree.rendered).parts[0], kustomize.build(folder)) for folder in tree.argocd_folders()]
    for version, group in _by_version(tree, texts):
        files = list(_write(tmp_path / version, group))
        verdicts = judge(files, version)
        wrong = [f"{one.kind}/{one.name}: {one.message}" for one in verdicts if not one.is_valid()]
        assert not wrong, "\n".join(wrong)
        assert len(verdicts) == sum(len(manifests.read(file.read_text(encoding="utf-8"))) for file in files)


def test_no_object_is_in_two_applications(built: dict[Overlay, Built]) -> None:
    """Two Applications that hold one object take it from each other for ever."""
    owners: dict[tuple[str, str, manifests.Key], Overlay] = {}
    for overlay, (_, objects) in built.items():
        for key in objects:
            other = owners.setdefault((overlay.environment, overlay.cluster, key), overlay)
            assert other == overlay, f"{'/'.join(key)} is in {other} and in {overlay}"


def _by_version(tree: Tree, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The texts by the Kubernetes version of their environment."""
    versioned = sorted((tree.kubernetes(environment), text) for environment, text in texts)
    for version, group in itertools.groupby(versioned, lambda pair: pair[0]):
        yield version, [text for _, text in group]


def _write(folder: Path, texts: Iterable[str]) -> Iterator[Path]:
    """Each text as a file, with the Pods that the Rollouts in it stand for."""
    folder.mkdir()
    for number, text in enumerate(texts):
        file = folder / f"{number}.yaml"
        pods = [pod for pod in map(manifests.pod_of, manifests.read(text)) if pod]
        file.write_text("\n---\n".join([text, *map(json.dumps, pods)]), encoding="utf-8")
        yield file
