"""HFT-X26: from a number of pods in Git to an autoscaler."""

import tempfile
from pathlib import Path
from typing import Any

import yaml

from hftgen.check.finding import Finding
from hftgen.check.handover import find_handovers
from hftgen.render.artifact import Artifact
from tests.unit.rules.tiny import Bench

PLACE = "kustomize/base/web/"


def make(file: str, kind: str, version: str, **spec: Any) -> Artifact:
    """One object in one file of the base."""
    item = {"apiVersion": version, "kind": kind, "metadata": {"name": "web", "namespace": "desk"}, "spec": spec}
    return Artifact(f"{PLACE}{file}.yaml", yaml.safe_dump(item).encode(), "t", (item,))


DEPLOYMENT = make("deployment", "Deployment", "apps/v1")
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
SCALER = make(
    "horizontalpodautoscaler", "HorizontalPodAutoscaler", "autoscaling/v2", scaleTargetRef=TARGET, minReplicas=4
)


def find(tmp_path: Path, before: list[Artifact], after: list[Artifact]) -> list[Finding]:
    """What is told of the change."""
    loaded = Bench(Path(tempfile.mkdtemp(dir=tmp_path))).load("services: {web: {image: x, ports: {http: 80}}}")
    return list(find_handovers(loaded, {one.path: one.data for one in before}, after))


def test_a_number_that_leaves_git_is_told(tmp_path: Path) -> None:
    """With what keeps it: another owner of the field."""
    (finding,) = find(tmp_path, [DEPLOYMENT], [DEPLOYMENT, SCALER])
    assert (finding.rule, finding.severity, finding.subject) == ("HFT-X26", "warning", "Deployment/web")
    assert '"namespace": "desk"}, "spec": {"replicas": 4}}' in finding.hint


def test_what_was_scaled_or_not_there_keeps_its_number(tmp_path: Path) -> None:
    """Nothing falls to 1 where the autoscaler was there before, or the workload was not."""
    assert find(tmp_path, [DEPLOYMENT, SCALER], [DEPLOYMENT, SCALER]) == []
    assert find(tmp_path, [], [DEPLOYMENT, SCALER]) == []
    assert find(tmp_path, [make("rollout", "Rollout", "argoproj.io/v1alpha1")], [DEPLOYMENT, SCALER]) == []
