"""What an API server lets nobody change, kind by kind."""

from typing import Any

import pytest

from hftgen.check.immutable import list_changes

CLAIM = "PersistentVolumeClaim"
META = {"name": "x", "namespace": "n"}


def template(**spec: Any) -> list[dict[str, Any]]:
    """One claim template of a StatefulSet."""
    return [{"metadata": {"name": "data"}, "spec": spec}]


def storage(size: str) -> dict[str, Any]:
    """How claims ask for space."""
    return {"requests": {"storage": size}}


# kind, the old and the new fields, and the fields that are told
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("StatefulSet", {"spec": {"serviceName": "a"}}, {"spec": {"serviceName": "b"}}, ["serviceName"]),
    ("StatefulSet", {"spec": {}}, {"spec": {"podManagementPolicy": "Parallel"}}, ["podManagementPolicy"]),
    (
        "StatefulSet",
        {"spec": {"selector": {"matchLabels": {"a": "1"}}}},
        {"spec": {"selector": {"matchLabels": {"a": "1", "b": "2"}}}},
        ["b"],
    ),
    (
        "StatefulSet",
        {"spec": {"volumeClaimTemplates": template(resources=storage("1Gi"))}},
        {"spec": {"volumeClaimTemplates": template(resources=storage("2Gi"), storageClassName="fast")}},
        ["storage", "storageClassName"],
    ),
    ("StatefulSet", {"spec": {}}, {"spec": {"volumeClaimTemplates": template()}}, ["volumeClaimTemplates"]),
    (CLAIM, {"spec": {"resources": storage("2Gi")}}, {"spec": {"resources": storage("1Gi")}}, ["storage"]),
    (CLAIM, {"spec": {"storageClassName": "a"}}, {"spec": {"storageClassName": "b"}}, ["storageClassName"]),
    ("StorageClass", {"parameters": {"type": "gp3"}}, {"parameters": {"type": "io2"}}, ["type"]),
    ("StorageClass", {"reclaimPolicy": "Delete"}, {"reclaimPolicy": "Retain"}, ["reclaimPolicy"]),
    ("StorageClass", {"provisioner": "a"}, {"provisioner": "b"}, ["provisioner"]),
    ("Job", {"spec": {"template": {"a": 1}}}, {"spec": {"template": {"a": 2}}}, ["a"]),
    ("Service", {"spec": {}}, {"spec": {"clusterIP": "None"}}, ["clusterIP"]),
    ("Service", {"spec": {"clusterIP": "None"}}, {"spec": {}}, ["clusterIP"]),
    (
        "Service",
        {"spec": {"type": "LoadBalancer"}},
        {"spec": {"type": "LoadBalancer", "loadBalancerClass": "x"}},
        ["loadBalancerClass"],
    ),
    ("PriorityClass", {"value": 1}, {"value": 2}, ["value"]),
    ("Deployment", {"spec": {"selector": {"a": "1"}}}, {"spec": {"selector": {"a": "2"}}}, ["a"]),
    ("Rollout", {"spec": {"selector": {"a": "1"}}}, {"spec": {"selector": {"a": "2"}}}, ["a"]),
    ("RoleBinding", {"roleRef": {"name": "a"}}, {"roleRef": {"name": "b"}}, ["name"]),
    ("ConfigMap", {"immutable": True, "data": {"a": "1"}}, {"immutable": True, "data": {"a": "2"}}, ["a"]),
    ("Secret", {"immutable": True}, {}, ["immutable"]),
    ("Cluster", {"spec": {"storage": {"size": "2Gi"}}}, {"spec": {"storage": {"size": "1Gi"}}}, ["size"]),
]
ALLOWED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("StatefulSet", {"spec": {"replicas": 1, "template": {"a": 1}}}, {"spec": {"replicas": 2, "template": {"a": 2}}}),
    ("StatefulSet", {"spec": {}}, {"spec": {"podManagementPolicy": "OrderedReady"}}),
    ("StatefulSet", {"spec": {}}, {"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain"}}}),
    (
        "StatefulSet",
        {"spec": {"volumeClaimTemplates": template(resources=storage("1Gi"))}},
        {"spec": {"volumeClaimTemplates": template(resources=storage("1024Mi"), volumeMode="Filesystem")}},
    ),
    (CLAIM, {"spec": {"resources": storage("1Gi")}}, {"spec": {"resources": storage("2Gi")}}),
    ("StorageClass", {"allowVolumeExpansion": True}, {"allowVolumeExpansion": False}),
    ("Service", {"spec": {"type": "ClusterIP"}}, {"spec": {"type": "LoadBalancer", "loadBalancerClass": "x"}}),
    ("Service", {"spec": {"clusterIP": "None"}}, {"spec": {"type": "ExternalName"}}),
    ("Deployment", {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}),
    ("ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}),
    ("Cluster", {"spec": {"storage": {"size": "1Gi"}}}, {"spec": {"storage": {"size": "2Gi"}}}),
    ("CronJob", {"spec": {"schedule": "0 1 * * *"}}, {"spec": {"schedule": "0 2 * * *"}}),
]


@pytest.mark.parametrize(("kind", "old", "new", "fields"), REFUSED)
def test_what_is_refused_is_told(kind: str, old: Any, new: Any, fields: list[str]) -> None:
    """Each field, and a way through that names the object."""
    changes = list(list_changes({"kind": kind, "metadata": META, **old}, {"kind": kind, "metadata": META, **new}))
    assert [change.field[-1] for change in changes] == fields
    assert all(change.way for change in changes)


@pytest.mark.parametrize(("kind", "old", "new"), ALLOWED)
def test_what_may_change_is_not_told(kind: str, old: Any, new: Any) -> None:
    """Among it what is a default, or the same in other words."""
    assert list(list_changes({"kind": kind, "metadata": META, **old}, {"kind": kind, "metadata": META, **new})) == []


def test_growing_claims_is_another_way_than_replacing_them() -> None:
    """One is done by hand while the pods go on; the other moves data."""
    ways = []
    for size in ("2Gi", "512Mi"):
        old, new = ({"volumeClaimTemplates": template(resources=storage(each))} for each in ("1Gi", size))
        item = {"kind": "StatefulSet", "metadata": META}
        ways += [change.way for change in list_changes({**item, "spec": old}, {**item, "spec": new})]
    grow, shrink = ways
    assert "kubectl patch pvc data-x-N --namespace n" in grow
    assert "kubectl delete statefulset x --cascade=orphan --namespace n" in grow
    assert "--cascade=orphan" not in shrink
