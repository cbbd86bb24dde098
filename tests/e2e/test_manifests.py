"""Every object that a cluster is given is one that its API server knows."""

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.e2e import rendered
from tests.e2e.conftest import Built
from tests.e2e.rendered import Overlay
from tests.tools import manifests
from tests.tools.kubeconform import judge

pytestmark = pytest.mark.tools


def test_something_is_rendered() -> None:
    """A check of nothing is no check: each environment of specs/ has overlays, Applications and a chart."""
    assert rendered.environments()
    for environment in rendered.environments():
        assert rendered.overlays(environment), environment
        assert rendered.argocd_files(environment), environment
        assert rendered.releases(environment), environment


def test_kubernetes_knows_every_object(
    tmp_path: Path, built: dict[Overlay, Built], argocd_settings: dict[Path, str]
) -> None:
    """Every object of every overlay and of Argo CD passes kubeconform -strict; none is passed over."""
    texts = [(overlay.environment, text) for overlay, (text, _) in built.items()]
    texts += [(_environment(folder), text) for folder, text in argocd_settings.items()]
    texts += [
        (environment, file.read_text(encoding="utf-8"))
        for environment in rendered.environments()
        for file in rendered.argocd_files(environment)
    ]
    for version, group in _by_version(texts):
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


def _environment(path: Path) -> str:
    return path.relative_to(rendered.RENDERED).parts[0]


def _by_version(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The texts by the Kubernetes version of their environment."""
    versioned = sorted((rendered.kubernetes(environment), text) for environment, text in texts)
    for version, group in itertools.groupby(versioned, lambda pair: pair[0]):
        yield version, [text for _, text in group]


def _write(folder: Path, texts: Iterable[str]) -> Iterator[Path]:
    """Each text as a file, and a file of the Pods that the Rollouts in it stand for."""
    folder.mkdir()
    for number, text in enumerate(texts):
        file = folder / f"{number}.yaml"
        pods = [pod for pod in map(manifests.pod_of, manifests.read(text)) if pod]
        file.write_text("\n---\n".join([text, *map(json.dumps, pods)]), encoding="utf-8")
        yield file
