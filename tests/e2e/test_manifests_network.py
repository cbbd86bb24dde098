"""Network policies hold together: each selects what is there, and an edge is open at both ends or at neither."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay

pytestmark = pytest.mark.tools

CLOSED = "default-deny"
OPERATED = "cnpg.io/cluster"


class Pod(NamedTuple):
    """A kind of pod: its labels, and the ports it may listen on (None: an operator's, whose ports are its own)."""

    labels: dict[str, str]
    ports: set[tuple[int, str]] | None


class Cluster(NamedTuple):
    """What one cluster is sent."""

    name: str
    pods: list[Pod]
    policies: list[dict[str, Any]]


@pytest.fixture(scope="session")
def clusters(built: dict[Overlay, Built]) -> list[Cluster]:
    """Every cluster of every environment."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for overlay, (_, objects) in built.items():
        found.setdefault(overlay[:2], []).extend(objects.values())
    return [_read("/".join(key), objects) for key, objects in sorted(found.items())]


def test_each_policy_selects_pods_that_are_there(clusters: list[Cluster]) -> None:
    """And so does each peer in its own namespace: a rule for nobody hides a missing edge."""
    for cluster in clusters:
        for policy in cluster.policies:
            assert _select(cluster, policy["spec"]["podSelector"]), f"{cluster.name} {policy['metadata']['name']}"
            for rule, peers in _list_rules(policy):
                for peer in peers:
                    if "podSelector" in peer and "namespaceSelector" not in peer:
                        assert _select(cluster, peer["podSelector"]), (
                            f"{cluster.name} {policy['metadata']['name']} {rule}"
                        )


def test_each_rule_opens_ports_that_somebody_listens_on(clusters: list[Cluster]) -> None:
    """By the container's number, not the Service's."""
    for cluster in clusters:
        for policy in cluster.policies:
            for rule in policy["spec"].get("ingress", []):
                for pod in _select(cluster, policy["spec"]["podSelector"]):
                    assert pod.ports is None or _ports(rule) <= pod.ports, (
                        f"{cluster.name} {policy['metadata']['name']}"
                    )


def test_an_edge_is_open_at_both_ends(clusters: list[Cluster]) -> None:
    """Who may call is let in, and who is let in may call."""
    for cluster in clusters:
        edges = {way: set(_list_edges(cluster, way)) for way in ("ingress", "egress")}
        assert edges["ingress"] == edges["egress"], cluster.name


def test_nothing_is_open_but_what_is_said(clusters: list[Cluster]) -> None:
    """One policy closes all pods both ways; every other rule names its peers, but for the API server's ports."""
    for cluster in clusters:
        (closed,) = [policy for policy in cluster.policies if policy["metadata"]["name"] == CLOSED]
        assert closed["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
        for policy in cluster.policies:
            for rule, peers in _list_rules(policy):
                assert peers or _ports(rule) == {(443, "TCP"), (6443, "TCP")}, f"{cluster.name} {policy['metadata']}"
                blocks = [peer["ipBlock"] for peer in peers if "ipBlock" in peer]
                assert all(block.get("except") or "from" in rule for block in blocks if block["cidr"] == "0.0.0.0/0")


def _read(name: str, objects: list[dict[str, Any]]) -> Cluster:
    pods = [pod for item in objects if (pod := _find_pod(item)) is not None]
    return Cluster(name, pods, [item for item in objects if item["kind"] == "NetworkPolicy"])


def _find_pod(item: dict[str, Any]) -> Pod | None:
    if item["kind"] == "Cluster":
        return Pod({OPERATED: item["metadata"]["name"]}, None)
    spec = item.get("spec") or {}
    spec = spec["jobTemplate"]["spec"] if item["kind"] == "CronJob" else spec
    template = spec.get("template")
    if not isinstance(template, dict) or "spec" not in template:
        return None
    containers = [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]
    ports = {(port["containerPort"], port["protocol"]) for each in containers for port in each.get("ports", [])}
    return Pod(template["metadata"]["labels"], ports)


def _select(cluster: Cluster, selector: dict[str, Any]) -> list[Pod]:
    wanted = selector.get("matchLabels", {}).items()
    return [pod for pod in cluster.pods if wanted <= pod.labels.items()]


def _list_rules(policy: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for way, peers in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(way, []):
            yield rule, rule.get(peers, [])


def _ports(rule: dict[str, Any]) -> set[tuple[int, str]]:
    return {(port["port"], port["protocol"]) for port in rule.get("ports", [])}


def _list_edges(cluster: Cluster, way: str) -> Iterator[tuple[str, str, int, str]]:
    """From, to, port and protocol of what is open inside the namespace, as one side tells it."""
    for policy in cluster.policies:
        own = _name(policy["spec"]["podSelector"])
        for rule in policy["spec"].get(way, []):
            for peer in rule.get("from" if way == "ingress" else "to", []):
                if "podSelector" in peer and "namespaceSelector" not in peer:
                    other = _name(peer["podSelector"])
                    ends = (other, own) if way == "ingress" else (own, other)
                    yield from ((*ends, *port) for port in _ports(rule))


def _name(selector: dict[str, Any]) -> str:
    labels = selector.get("matchLabels", {})
    return labels.get(OPERATED) or labels.get("app.kubernetes.io/name") or str(labels)
