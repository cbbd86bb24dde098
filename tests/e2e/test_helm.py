"""The chart is no second truth: it is right by Helm's own rules, and makes what the overlays make."""

from typing import Any

import deepdiff
import pytest

from tests.e2e import rendered
from tests.e2e.conftest import Built
from tests.e2e.rendered import Overlay, Release
from tests.tools import helm, manifests

pytestmark = pytest.mark.tools

_RELEASES = [release for environment in rendered.environments() for release in rendered.releases(environment)]


@pytest.mark.parametrize("release", _RELEASES, ids=str)
def test_helm_finds_no_fault(release: Release) -> None:
    """`helm lint --strict` is silent with each cluster's values."""
    done = helm.lint(release.chart, release.values, rendered.kubernetes(release.environment))
    assert done.code == 0, done.both()


@pytest.mark.parametrize("release", _RELEASES, ids=str)
def test_helm_makes_what_kustomize_makes(release: Release, built: dict[Overlay, Built]) -> None:
    """The chart with a cluster's values gives the same objects as that cluster's overlays.

    One is Helm's to make: the release's own namespace must be there before the release (`--create-namespace`).
    """
    expected = _overlays_of(release, built)
    kubernetes, namespace = rendered.kubernetes(release.environment), rendered.namespace(release.environment)
    text = helm.template(release.chart, release.values, kubernetes, namespace)
    actual = manifests.index(manifests.read(text))
    del expected["v1", "Namespace", "", namespace]
    assert describe(expected, actual) == ""


def test_the_comparison_sees_a_difference() -> None:
    """A value that differs, an object that is absent and one too many are each named."""
    one = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"}}
    two = {**one, "data": {"x": "2"}}
    other = {**one, "metadata": {"name": "b"}}
    assert describe(manifests.index([one]), manifests.index([one])) == ""
    assert "root['data']['x']" in describe(manifests.index([one]), manifests.index([two]))
    assert "v1/ConfigMap//b: only in the overlays" in describe(manifests.index([one, other]), manifests.index([one]))
    assert "v1/ConfigMap//b: only in the chart" in describe(manifests.index([one]), manifests.index([one, other]))


def describe(expected: dict[manifests.Key, Any], actual: dict[manifests.Key, Any]) -> str:
    """How the chart's objects differ from the overlays'; empty if they do not."""
    lines = []
    for key in sorted(expected.keys() | actual.keys()):
        name = "/".join(key)
        if key not in actual:
            lines.append(f"{name}: only in the overlays")
        elif key not in expected:
            lines.append(f"{name}: only in the chart")
        elif expected[key] != actual[key]:
            lines.append(f"{name}:\n{deepdiff.DeepDiff(expected[key], actual[key], verbose_level=2).pretty()}")
    return "\n".join(lines)


def _overlays_of(release: Release, built: dict[Overlay, Built]) -> dict[manifests.Key, Any]:
    return {
        key: value
        for overlay, (_, objects) in built.items()
        if overlay[:2] == release[:2]
        for key, value in objects.items()
    }
