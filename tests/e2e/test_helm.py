"""The chart is no second truth: it is right by Helm's own rules, and makes what the overlays make."""

from typing import Any

import deepdiff
import pytest

from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay, Release, Tree
from tests.tools import helm, manifests, pins
from tests.tools.process import run

pytestmark = pytest.mark.tools


def test_helm_finds_no_fault(tree: Tree) -> None:
    """`helm lint --strict` is silent with each cluster's values."""
    for release in tree.releases():
        done = helm.lint(release.chart, release.values, tree.kubernetes(release.environment))
        assert done.code == 0, f"{release}\n{done.both()}"


def test_helm_makes_what_kustomize_makes(tree: Tree, built: dict[Overlay, Built]) -> None:
    """The chart with a cluster's values gives the same objects as that cluster's overlays.

    One is Helm's to make: the release's own namespace must be there before the release (`--create-namespace`).
    """
    for release in tree.releases():
        expected = _overlays_of(release, built)
        (namespace,) = [key for key in expected if key[:2] == ("v1", "Namespace")]
        del expected[namespace]
        text = helm.template(release.chart, release.values, tree.kubernetes(release.environment), namespace[-1])
        difference = describe(expected, manifests.index(manifests.read(text)))
        assert difference == "", str(release)


def test_a_name_that_nothing_refers_to_is_refused(tree: Tree) -> None:
    """A slip in a value's name would otherwise change nothing, and nobody would know."""
    chart = tree.releases()[0].chart
    done = run([pins.BIN / "helm", "template", chart, "--set", "services.no-such-service.replicas=3"])
    assert done.code
    assert "no-such-service" in done.both()


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
