"""HFT-X25: what a render leaves behind, since Argo CD's project no longer permits its kind."""

from pathlib import Path

import pytest
import yaml

from hftgen.check.finding import Finding
from hftgen.check.orphans import find_orphans
from hftgen.render.artifact import Artifact
from tests.unit.rules.tiny import Bench

BASE, OVERLAY = "kustomize/base/{}/{}.yaml", "kustomize/overlays/{}/{}/{}.yaml"


def make(path: str, version: str, kind: str, name: str = "web") -> Artifact:
    """One object in one file."""
    item = {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "desk"}}
    return Artifact(path, yaml.safe_dump(item).encode(), "t", (item,))


def overlay(cluster: str, part: str = "web") -> Artifact:
    """The file that makes a part one of a cluster's."""
    item = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    return Artifact(OVERLAY.format(cluster, part, "kustomization"), b"{}", "t", (item,))


ROLLOUT = make(BASE.format("web", "rollout"), "argoproj.io/v1alpha1", "Rollout")
DEPLOYMENT = make(BASE.format("web", "deployment"), "apps/v1", "Deployment")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A folder for specs."""
    return Bench(tmp_path)


def find(bench: Bench, before: list[Artifact], after: list[Artifact]) -> list[Finding]:
    """What is told of the change."""
    loaded = bench.load("services: {web: {image: x, ports: {http: 80}}}")
    return list(find_orphans(loaded, {one.path: one.data for one in before}, after))


def test_the_last_of_a_kind_is_told(bench: Bench) -> None:
    """With what deletes it, and every cluster that keeps it."""
    places = [overlay("a"), overlay("b")]
    (finding,) = find(bench, [*places, ROLLOUT], [*places, DEPLOYMENT])
    assert (finding.rule, finding.severity, finding.subject) == ("HFT-X25", "warning", "Rollout/web")
    assert "clusters a, b" in finding.message
    assert finding.hint.endswith("kubectl delete rollout.argoproj.io web --namespace desk")


def test_a_kind_that_goes_on_elsewhere_is_pruned(bench: Bench) -> None:
    """Where another part of the same cluster has it still; another cluster's project is another."""
    other = make(BASE.format("api", "rollout"), "argoproj.io/v1alpha1", "Rollout", "api")
    before = [overlay("a"), overlay("b"), overlay("a", "api"), ROLLOUT, other]
    after = [overlay("a"), overlay("b"), overlay("a", "api"), DEPLOYMENT, other]
    (finding,) = find(bench, before, after)
    assert "on cluster b:" in finding.message


def test_kinds_of_one_name_are_two(bench: Bench) -> None:
    """A Gateway of Istio is not the Gateway API's."""
    istio = make(OVERLAY.format("a", "web", "gateway"), "networking.istio.io/v1", "Gateway")
    api = make(OVERLAY.format("a", "web", "gateway"), "gateway.networking.k8s.io/v1", "Gateway")
    (finding,) = find(bench, [overlay("a"), istio], [overlay("a"), api])
    assert "kubectl delete gateway.networking.istio.io web" in finding.hint


def test_a_part_that_goes_is_not_told(bench: Bench) -> None:
    """Its Application goes too, and the README says what becomes of its objects; without a tree nothing is known."""
    assert find(bench, [overlay("a"), ROLLOUT], [overlay("a", "api")]) == []
    assert find(bench, [], [overlay("a"), DEPLOYMENT]) == []
