"""What the Kustomize tree says holds together: everything that is named exists, everything that selects finds."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.templates import trees

EVERYWHERE = [(name, cluster) for name in trees.ENVIRONMENTS for cluster in trees.list_clusters(name)]
everywhere = pytest.mark.parametrize(("name", "cluster"), EVERYWHERE)

Objects = list[dict[str, Any]]


def list_named(objects: Objects, kind: str) -> set[str]:
    """Names of all objects of a kind."""
    return {item["metadata"]["name"] for item in objects if item["kind"] == kind}


def list_pods(objects: Objects) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every object with a pod template, and the template."""
    for item in objects:
        if (pod := trees.find_pod(item)) is not None:
            yield item, pod


@pytest.mark.parametrize("name", trees.ENVIRONMENTS)
def test_a_kustomization_lists_its_files(name: str) -> None:
    """All of them, and none that is not there: a file that nobody lists is never applied."""
    tree = trees.render(name)
    for path, (kustomization, *_) in tree.items():
        if path.endswith("/kustomization.yaml"):
            folder = path.removesuffix("kustomization.yaml")
            listed = {item for item in kustomization["resources"] if not item.startswith("../")}
            beside = {other.removeprefix(folder) for other in tree if other.startswith(folder)}
            assert listed == beside - {"kustomization.yaml"}, path


@everywhere
def test_every_image_is_named_by_its_overlay(name: str, cluster: str) -> None:
    """A symbol that no overlay replaces would be pulled from Docker Hub."""
    for folder in trees.list_overlays(name):
        if folder.parent.name == cluster:
            images = {item["name"] for item in trees.read_kustomization(name, folder).get("images", [])}
            for _, pod in list_pods(list(trees.build(name, folder))):
                assert {container["image"] for container in trees.list_containers(pod)} <= images, folder


@everywhere
def test_what_pods_read_exists(name: str, cluster: str) -> None:
    """ConfigMaps, Secrets (an ExternalSecret makes them), service accounts, priorities, claims."""
    objects = trees.build_cluster(name, cluster)
    for item, pod in list_pods(objects):
        spec = pod["spec"]
        volumes = spec.get("volumes", [])
        containers = trees.list_containers(pod)
        env = [variable.get("valueFrom", {}) for each in containers for variable in each.get("env", [])]
        maps = {each["configMapRef"]["name"] for container in containers for each in container.get("envFrom", [])}
        maps |= {volume["configMap"]["name"] for volume in volumes if "configMap" in volume}
        secrets = {each["secretKeyRef"]["name"] for each in env if "secretKeyRef" in each}
        secrets |= {volume["secret"]["secretName"] for volume in volumes if "secret" in volume}
        claims = {
            volume["persistentVolumeClaim"]["claimName"] for volume in volumes if "persistentVolumeClaim" in volume
        }
        where = f"{item['kind']} {item['metadata']['name']}"
        assert maps <= list_named(objects, "ConfigMap"), where
        assert secrets <= list_named(objects, "ExternalSecret") | list_named(objects, "Certificate"), where
        assert claims <= list_named(objects, "PersistentVolumeClaim"), where
        assert {spec.get("serviceAccountName", "")} - {""} <= list_named(objects, "ServiceAccount"), where
        assert {spec.get("priorityClassName", "")} - {""} <= list_named(objects, "PriorityClass"), where


@everywhere
def test_mounts_and_volumes_belong_together(name: str, cluster: str) -> None:
    """A mount without a volume is refused by the API server; a volume without a mount is noise; names are used once."""
    for item, pod in list_pods(trees.build_cluster(name, cluster)):
        volumes = [volume["name"] for volume in pod["spec"].get("volumes", [])]
        volumes += [claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])]
        mounted = {mount["name"] for each in trees.list_containers(pod) for mount in each.get("volumeMounts", [])}
        assert len(volumes) == len(set(volumes))
        assert mounted == set(volumes), item["metadata"]["name"]


@everywhere
def test_every_selector_finds_pods(name: str, cluster: str) -> None:
    """Of Services, budgets and policies; a StatefulSet's pods carry their own name as well."""
    objects = trees.build_cluster(name, cluster)
    labels = [pod["metadata"]["labels"] for _, pod in list_pods(objects)]
    for item in objects:
        spec = item.get("spec") or {}
        selector = spec.get("podSelector") or spec.get("selector") or {}
        selector = selector.get("matchLabels", selector) if isinstance(selector, dict) else {}
        stable = {key: value for key, value in selector.items() if key.startswith("app.kubernetes.io/")}
        if item["kind"] in ("Service", "PodDisruptionBudget", "NetworkPolicy") and stable:
            assert any(stable.items() <= found.items() for found in labels), item["metadata"]


@everywhere
def test_workloads_select_their_own_pods_alone(name: str, cluster: str) -> None:
    """Two controllers of one pod would fight for it."""
    objects = trees.build_cluster(name, cluster)
    pods = list(list_pods(objects))
    for item, pod in pods:
        if "selector" in item["spec"]:
            wanted = item["spec"]["selector"]["matchLabels"].items()
            assert wanted <= pod["metadata"]["labels"].items()
            assert sum(wanted <= other["metadata"]["labels"].items() for _, other in pods) == 1


@everywhere
def test_what_releases_refer_to_exists(name: str, cluster: str) -> None:
    """Services, analyses and routes of a Rollout, and the target of an autoscaler."""
    objects = trees.build_cluster(name, cluster)
    services, analyses = list_named(objects, "Service"), list_named(objects, "AnalysisTemplate")
    for item in objects:
        if item["kind"] == "HorizontalPodAutoscaler":
            target = item["spec"]["scaleTargetRef"]
            assert target["name"] in list_named(objects, target["kind"])
        if item["kind"] == "Rollout":
            strategy = item["spec"]["strategy"].get("canary") or item["spec"]["strategy"]["blueGreen"]
            named = {value for key, value in strategy.items() if key.endswith("Service")}
            steps = [strategy[key] for key in strategy if key.lower().endswith("analysis")]
            templates = {template["templateName"] for step in steps for template in step["templates"]}
            assert named <= services
            assert templates <= analyses


@everywhere
def test_no_object_is_sent_twice(name: str, cluster: str) -> None:
    """Two Applications that own one object would take it from each other."""
    keys = [
        (item["apiVersion"], item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"])
        for item in trees.build_cluster(name, cluster)
    ]
    assert len(keys) == len(set(keys))


@everywhere
def test_what_is_the_clusters_own_carries_project_and_environment(name: str, cluster: str) -> None:
    """Environments may share a cluster."""
    (namespace,) = list_named(trees.build_cluster(name, cluster), "Namespace")
    for item in trees.build_cluster(name, cluster):
        if item["metadata"].get("namespace") != namespace and item["kind"] != "Namespace":
            project = item["metadata"]["labels"]["app.kubernetes.io/part-of"]
            assert item["metadata"]["name"].startswith(f"{project}-{name}")


def test_the_corpus_has_every_kind() -> None:
    """A kind that no environment renders would be tested by nobody."""
    from hftgen.facts.record import KINDS

    rendered = {item["kind"] for name, cluster in EVERYWHERE for item in trees.build_cluster(name, cluster)}
    assert {kind.removeprefix("Istio") for kind in KINDS} <= rendered


def test_a_third_party_application_is_complete() -> None:
    """Ten services and a load generator: each runs, those with ports are found, and every call is let through."""
    objects = trees.build_cluster("shop", "kind")
    assert len(list_named(objects, "Deployment")) == 11
    assert len(list_named(objects, "Service")) == 11
    policies = {item["metadata"]["name"]: item["spec"] for item in objects if item["kind"] == "NetworkPolicy"}
    callers = {
        peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for rule in policies["productcatalogservice"]["ingress"]
        for peer in rule["from"]
    }
    assert callers == {"checkoutservice", "frontend", "recommendationservice"}
