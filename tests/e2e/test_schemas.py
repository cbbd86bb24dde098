"""The schemas that rendered objects are held against find the mistakes that people make."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.kubeconform import Verdict, judge
from tests.tools.pins import schemas

pytestmark = pytest.mark.tools

_POD: dict[str, Any] = {
    "metadata": {"labels": {"app": "a"}},
    "spec": {"containers": [{"name": "a", "image": "b", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}]},
}
_OBJECTS: dict[str, dict[str, Any]] = {
    "Deployment": {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a", "namespace": "b", "labels": {"app": "a"}},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "a"}}, "template": _POD},
    },
    "Rollout": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": {"name": "a", "namespace": "b", "labels": {"app": "a"}},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": "a"}},
            "strategy": {"canary": {"steps": [{"setWeight": 10}, {"pause": {"duration": "5m"}}]}},
            "template": _POD,
        },
    },
    "ExternalSecret": {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "a"},
        "spec": {
            "refreshInterval": "1h",
            "secretStoreRef": {"name": "s", "kind": "SecretStore"},
            "data": [{"secretKey": "a", "remoteRef": {"key": "b"}}],
        },
    },
    "NetworkPolicy": {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "a"},
        "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 443}]}]},
    },
    "Application": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "a"},
        "spec": {
            "project": "a",
            "source": {"repoURL": "https://git.example.com/a.git", "path": "a", "targetRevision": "main"},
            "destination": {"name": "a", "namespace": "b"},
            "syncPolicy": {"automated": {"prune": True}, "syncOptions": ["ServerSideApply=true"]},
        },
    },
    "PrometheusRule": {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "a"},
        "spec": {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "vector(1)", "for": "5m"}]}]},
    },
}
_MISTAKES: list[tuple[str, str, Any, str]] = [
    ("Deployment", "spec.replica", 1, "'replica' not allowed"),
    ("Deployment", "spec.replicas", "1", "got string"),
    ("Deployment", "metadata.label", {}, "'label' not allowed"),
    ("Deployment", "spec.template.spec.containers.0.imagePullPolcy", "Always", "'imagePullPolcy' not allowed"),
    ("Deployment", "spec.template.spec.containers.0.resources.limits.memory", "8GB", "does not match pattern"),
    ("Deployment", "spec.template.spec.containers.0.env", [{"name": "A", "value": True}], "got boolean"),
    ("Rollout", "spec.strategy.canary.steps.0", {"setWeigth": 10}, "'setWeigth' not allowed"),
    ("Rollout", "spec.strategy.canary.steps.0", {"setWeight": "10"}, "got string"),
    ("Rollout", "spec.strategy.canary.maxUnavailabel", 0, "'maxUnavailabel' not allowed"),
    ("Rollout", "spec.template.spec.toleration", [], "'toleration' not allowed"),
    ("Rollout", "spec.template.spec.containers.0.livenessprobe", {}, "'livenessprobe' not allowed"),
    ("Rollout", "spec.template.metadata.anotations", {}, "'anotations' not allowed"),
    ("Rollout", "metadata.label", {}, "'label' not allowed"),
    ("ExternalSecret", "spec.data.0.remoteRef.keys", "b", "'keys' not allowed"),
    ("ExternalSecret", "spec.secretStoreref", {}, "'secretStoreref' not allowed"),
    ("ExternalSecret", "apiVersion", "external-secrets.io/v1alpha1", "could not find schema"),
    ("NetworkPolicy", "spec.egress.0.port", [], "'port' not allowed"),
    ("Application", "spec.syncPolicy.automated.selfheal", True, "'selfheal' not allowed"),
    ("Application", "spec.syncPolicy.automated.prune", "true", "got string"),
    ("PrometheusRule", "spec.groups.0.rules.0.For", "5m", "'For' not allowed"),
    ("Deployment", "kind", "Deploymnet", "could not find schema"),
]


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[Any], Verdict]:
    """Asks kubeconform about one object."""

    def one(value: Any) -> Verdict:
        file = tmp_path / "object.yaml"
        file.write_text(yaml.safe_dump(value), encoding="utf-8")
        (verdict,) = judge([file], "1.36")
        return verdict

    return one


@pytest.mark.parametrize("kind", _OBJECTS)
def test_a_right_object_is_accepted(ask: Callable[[Any], Verdict], kind: str) -> None:
    """The schemas refuse nothing that is right, so that a refusal means something."""
    verdict = ask(_OBJECTS[kind])
    assert verdict.is_valid(), verdict


@pytest.mark.parametrize(("kind", "path", "value", "said"), _MISTAKES)
def test_a_mistake_is_found(ask: Callable[[Any], Verdict], kind: str, path: str, value: Any, said: str) -> None:
    """A misspelt field, a wrong type and an unknown kind fail, each with a message that names it."""
    planted = copy.deepcopy(_OBJECTS[kind])
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = planted
    for part in parents:
        place = place[part]
    place[last] = value
    verdict = ask(planted)
    assert not verdict.is_valid()
    assert said in verdict.message


def test_a_duplicate_key_is_found(tmp_path: Path) -> None:
    """Of two equal keys one would silently win in the cluster."""
    file = tmp_path / "object.yaml"
    file.write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nmetadata: {name: b}\n", encoding="utf-8")
    (verdict,) = judge([file], "1.36")
    assert not verdict.is_valid()


@pytest.mark.parametrize("version", schemas().kubernetes)
def test_each_pinned_kubernetes_has_schemas(tmp_path: Path, version: str) -> None:
    """Whatever version of tools.toml a spec names, its objects can be checked."""
    file = tmp_path / "object.yaml"
    file.write_text(yaml.safe_dump(_OBJECTS["Deployment"]), encoding="utf-8")
    (verdict,) = judge([file], version)
    assert verdict.is_valid(), verdict
