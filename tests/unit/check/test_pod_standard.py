"""HFT-X42: pods that a patch makes, against the level of their namespace."""

from typing import Any

import pytest

from hftgen.check.pod_standard import find_refused_pods, list_breaches
from hftgen.render.artifact import Artifact
from tests.unit.facts.sites import load_spec

RIGHTS = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
GOOD: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [{"name": "app", "securityContext": RIGHTS}],
    "volumes": [{"name": "tmp", "emptyDir": {}}],
}


def with_rights(**rights: Any) -> dict[str, Any]:
    """The good pod with other rights of its container."""
    return {**GOOD, "containers": [{"name": "app", "securityContext": {**RIGHTS, **rights}}]}


@pytest.mark.parametrize(
    ("pod", "baseline", "restricted"),
    [
        (GOOD, [], []),
        ({**GOOD, "hostNetwork": True}, ["hostNetwork"], ["hostNetwork"]),
        (with_rights(privileged=True), ["privileged container"], ["privileged container"]),
        (
            with_rights(capabilities={"drop": ["ALL"], "add": ["NET_RAW"]}),
            ["capability NET_RAW"],
            ["capability NET_RAW", "capability NET_RAW"],
        ),
        (with_rights(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}), [], []),
        (with_rights(capabilities={"drop": ["ALL"], "add": ["CHOWN"]}), [], ["capability CHOWN"]),
        (with_rights(capabilities={}), [], ["capabilities that are not dropped"]),
        (with_rights(allowPrivilegeEscalation=True), [], ["privilege escalation"]),
        (with_rights(runAsUser=0), [], ["root"]),
        (with_rights(runAsNonRoot=False), [], ["root"]),
        ({**GOOD, "volumes": [{"name": "v", "nfs": {}}]}, [], ["nfs volume"]),
        ({**GOOD, "volumes": [{"name": "v", "hostPath": {}}]}, ["hostPath volume"], ["hostPath volume"] * 2),
        ({**GOOD, "securityContext": {"runAsNonRoot": True}}, [], ["container without a seccomp profile"]),
    ],
)
def test_a_level_refuses_what_kubernetes_says(pod: dict[str, Any], baseline: list[str], restricted: list[str]) -> None:
    """Restricted is baseline and more."""
    assert list(list_breaches(pod, "baseline", "1.36")) == baseline
    assert list(list_breaches(pod, "restricted", "1.36")) == restricted


def test_a_sysctl_is_safe_or_refused() -> None:
    """By the version of the cluster."""
    pod = {**GOOD, "securityContext": {**GOOD["securityContext"], "sysctls": [{"name": "net.ipv4.tcp_rmem"}]}}
    assert list(list_breaches(pod, "restricted", "1.36")) == []
    assert list(list_breaches(pod, "restricted", "1.30")) == ["sysctl net.ipv4.tcp_rmem"]


def find(level: str, kind: str, path: tuple[str, ...], *, patched: bool = True) -> list[tuple[str, str]]:
    """Rule and subject of what is found in a workload whose pod uses the machine's network."""
    patch = {"target": {"kind": "Deployment"}, "merge": {"spec": {"minReadySeconds": 1}}}
    loaded = load_spec({"app": {"patches": [patch] if patched else []}}, security={"podSecurity": level})
    value: dict[str, Any] = {**GOOD, "hostNetwork": True}
    for key in reversed(path):
        value = {key: value}
    item = {"kind": kind, "metadata": {"name": "app"}, **value}
    artifact = Artifact("kustomize/base/app/x.yaml", b"", "t", (item,))
    return [(found.rule, found.subject) for found in find_refused_pods(loaded, [artifact])]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Rollout", ("spec", "template", "spec")),
        ("CronJob", ("spec", "jobTemplate", "spec", "template", "spec")),
    ],
)
def test_a_patched_pod_is_looked_at(kind: str, path: tuple[str, ...]) -> None:
    """In every workload; not where nobody patches, nor where the level admits everything."""
    assert find("restricted", kind, path) == [("HFT-X42", f"{kind}/app")]
    assert find("baseline", kind, path) == [("HFT-X42", f"{kind}/app")]
    assert find("privileged", kind, path) == []
    assert find("restricted", kind, path, patched=False) == []


def test_other_objects_have_no_pods() -> None:
    """Nor is anything asked of what is none."""
    assert find("restricted", "ConfigMap", ("spec", "template", "spec")) == []
