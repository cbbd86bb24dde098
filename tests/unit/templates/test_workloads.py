"""Workloads as they are written: what Kubernetes can never change, and what it must be told."""

import functools
import re
from typing import Any

import pytest
import yaml

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from hftgen.render.run import Renderer
from hftgen.render.templates import discover
from tests.unit.facts.sites import DIGEST, load_spec
from tests.unit.templates import trees

JOB: dict[str, Any] = {"workload": "job", "cpu": 1, "memory": "1Gi", "config": {"A": "b"}}


@functools.cache
def start() -> Renderer:
    """One renderer for all tests."""
    return Renderer(discover([trees.REPOSITORY / "templates"]))


def render_object(service: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one object of this kind of a service called `app`."""
    context = derive(load_spec({"app": service}), Calendars())
    path = f"kustomize/base/app/{kind.lower()}.yaml"
    texts = {item.path: item.data.decode() for item in start().render_environment("test", context)}
    (item,) = yaml.load_all(texts[path], Loader=yaml.CSafeLoader)
    assert isinstance(item, dict)
    return item


@pytest.mark.parametrize("name", trees.ENVIRONMENTS)
def test_pods_of_a_latency_class_are_guaranteed(name: str) -> None:
    """Requests equal limits in every container, init and sidecars too: else no container has CPUs of its own."""
    for cluster in trees.list_clusters(name):
        for item in trees.build_cluster(name, cluster):
            pod = trees.find_pod(item)
            if pod is None or not pod["spec"].get("priorityClassName", "").endswith(("tick-to-trade", "low")):
                continue
            for container in trees.list_containers(pod):
                resources = container["resources"]
                assert resources["requests"] == resources["limits"], (item["metadata"]["name"], container["name"])
                assert {"cpu", "memory"} <= set(resources["limits"])


def test_a_job_has_a_name_for_each_content() -> None:
    """It is immutable: whatever changes in it, its images too, makes another Job, and the same stays the same."""
    other = f"registry.example.com/shop/app:v2@{DIGEST}"
    changes: list[dict[str, Any]] = [
        {},
        {},
        {"image": other},
        {"config": {"A": "c"}},
        {"memory": "2Gi"},
        {"init": [{"name": "first", "image": other}]},
        *({"patches": [{"target": {"kind": "Job"}, "merge": {"spec": {"backoffLimit": count}}}]} for count in (1, 2)),
    ]
    names = [render_object({**JOB, **change}, "Job")["metadata"]["name"] for change in changes]
    assert names[0] == names[1]
    assert len(set(names)) == len(changes) - 1
    assert all(re.fullmatch("app-[0-9a-f]{10}", name) for name in names)


def test_a_job_that_is_done_stays() -> None:
    """With a time to live it would be gone, and Argo CD would run it again."""
    spec = render_object(JOB, "Job")["spec"]
    assert "ttlSecondsAfterFinished" not in spec


def test_disks_outlive_pods_and_shards() -> None:
    """A standby is scaled to nothing, and a StatefulSet is made anew to change what is immutable in it."""
    volumes = {"data": {"path": "/data", "size": "1Gi"}}
    item = render_object({"workload": "stateful", "instances": "single", "volumes": volumes}, "StatefulSet")
    assert item["spec"]["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}


def test_a_required_spread_counts_no_lost_node() -> None:
    """A cordoned node with none of the pods would hold up every other."""
    item = render_object({"replicas": 2, "spread": {"host": "required"}}, "Deployment")
    (rule,) = [
        rule for rule in item["spec"]["template"]["spec"]["topologySpreadConstraints"] if "nodeTaintsPolicy" in rule
    ]
    assert (rule["whenUnsatisfiable"], rule["nodeTaintsPolicy"]) == ("DoNotSchedule", "Honor")
