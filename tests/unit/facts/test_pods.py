"""Pod templates."""

from typing import Any

import pytest

from tests.unit.facts.sites import IMAGE, VAULT, describe_app, find

RESTRICTED = {"podSecurity": "restricted"}


def describe_pod(service: dict[str, Any], kind: str = "Deployment", **sections: Any) -> dict[str, Any]:
    """The pod template of a service called `app`."""
    pod: dict[str, Any] = find(describe_app(service, **sections), kind)["pod"]
    return pod


def test_nothing_is_asked_of_an_ordinary_image() -> None:
    """Without `security` and `user` an image that runs as root and writes where it likes must start."""
    pod = describe_pod({})
    assert pod["security"] == {"seccomp": "RuntimeDefault"}
    assert pod["containers"] == [{"name": "app", "image": "app"}]


def test_restricted_pods_meet_the_standard() -> None:
    """No root, no capabilities, a read-only root file system with a writable /tmp, in every container."""
    init = [{"name": "first", "image": IMAGE}]
    pod = describe_pod({"init": init, "sidecars": {"proxy": {"image": IMAGE}}}, security=RESTRICTED)
    assert pod["security"] == {"seccomp": "RuntimeDefault", "nonRoot": True}
    for container in [*pod["init"], *pod["containers"]]:
        assert container["rights"]["capabilities"] == {"drop": ["ALL"]}
        assert container["rights"]["readOnlyRootFilesystem"] is True
        assert container["mounts"] == [{"name": "tmp", "path": "/tmp"}]
    assert pod["volumes"] == [{"name": "tmp", "emptyDir": {}}]


def test_tmp_of_the_spec_stays() -> None:
    """A volume that the spec mounts at /tmp is the only one there; ours for others has another name."""
    volumes = {"tmp": {"path": "/tmp", "emptyDir": "memory"}}
    pod = describe_pod({"volumes": volumes, "sidecars": {"proxy": {"image": IMAGE}}}, security=RESTRICTED)
    assert pod["containers"][0]["mounts"] == [{"name": "tmp", "path": "/tmp"}]
    assert pod["init"][0]["mounts"] == [{"name": "tmp-x", "path": "/tmp"}]
    assert len({volume["name"] for volume in pod["volumes"]}) == 2


def test_a_claim_is_writable_without_root() -> None:
    """A fresh disk belongs to root: the pod's group must own it."""
    service = {"workload": "stateful", "instances": "single", "volumes": {"data": {"path": "/data", "size": "1Gi"}}}
    assert describe_pod(service, "StatefulSet", security=RESTRICTED)["security"]["fsGroup"] == 65532
    said = {**service, "user": {"uid": 7, "gid": 8, "fsGroup": 9}}
    security = describe_pod(said, "StatefulSet", security=RESTRICTED)["security"]
    assert (security["user"], security["group"], security["fsGroup"]) == (7, 8, 9)


def test_low_ports_without_root() -> None:
    """A process without capabilities may listen below 1024 by a sysctl that every node allows."""
    sysctls = describe_pod({"ports": {"http": 80}}, security=RESTRICTED)["security"]["sysctls"]
    assert sysctls == [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]
    assert "sysctls" not in describe_pod({"ports": {"http": 8080}}, security=RESTRICTED)["security"]


def test_sidecars_start_before_init_containers() -> None:
    """What runs before may need a proxy."""
    init = [{"name": name, "image": IMAGE} for name in ("b", "a")]
    pod = describe_pod({"init": init, "sidecars": {"proxy": {"image": IMAGE}}})
    assert [(item["name"], item.get("restartPolicy")) for item in pod["init"]] == [
        ("proxy", "Always"),
        ("b", None),
        ("a", None),
    ]


def test_containers_of_one_repository_have_symbols_of_their_own() -> None:
    """Kustomize replaces images by name, so that two containers with one name could not differ."""
    pod = describe_pod({"init": [{"name": "migrate", "image": IMAGE}]})
    assert [item["image"] for item in [*pod["init"], *pod["containers"]]] == ["app-migrate", "app"]


def test_a_request_left_out_is_the_limit() -> None:
    """As Kubernetes has it, but said."""
    resources = describe_pod({"cpu": {"limit": 2}, "memory": {"request": "64Mi"}})["containers"][0]["resources"]
    assert resources == {"requests": {"cpu": "2", "memory": "64Mi"}, "limits": {"cpu": "2"}}


def test_huge_pages_are_requested_limited_and_mounted() -> None:
    """A volume without a request, or a request without a volume, is of no use."""
    service = {"cpu": 1, "memory": "1Gi", "hugepages": {"1Gi": "2Gi"}}
    clusters = {"main": {"cloud": "metal"}}
    pod = describe_pod(service, clusters=clusters)
    assert pod["containers"][0]["resources"]["limits"]["hugepages-1Gi"] == "2Gi"
    assert pod["containers"][0]["mounts"] == [{"name": "hugepages-1gi", "path": "/dev/hugepages"}]
    assert pod["volumes"] == [{"name": "hugepages-1gi", "emptyDir": {"medium": "HugePages-1Gi"}}]


def test_secrets_of_one_folder_are_one_volume() -> None:
    """A folder is mounted once; a rotated secret appears in it without a restart."""
    secrets = {
        name: {"ref": "app/tls", "key": name, "mount": folder}
        for name, folder in {"crt": "/etc/tls", "key": "/etc/tls", "ca": "/srv/tls"}.items()
    }
    pod = describe_pod({"secrets": secrets}, secrets=VAULT)
    assert sorted(mount["path"] for mount in pod["containers"][0]["mounts"]) == ["/etc/tls", "/srv/tls"]
    assert sorted(len(volume["items"]) for volume in pod["volumes"]) == [1, 2]


def test_one_more_shard_restarts_no_other() -> None:
    """Shards find their secret by ordinal: the pod template does not know how many there are."""
    secrets = {"FIX": {"ref": "app/fix-{ordinal}", "key": "password", "mount": "/etc/fix"}}
    service = {"workload": "stateful", "instances": "sharded", "secrets": secrets}
    two, three = (describe_pod({**service, "replicas": count}, "StatefulSet", secrets=VAULT) for count in (2, 3))
    assert two == three
    assert two["containers"][0]["mounts"][0]["subPathExpr"] == "FIX-$(POD_INDEX)"


@pytest.mark.parametrize(
    ("cloud", "fields", "drain"),
    [
        ("aws", {"via": "ingress"}, 20),
        ("gcp", {"via": "ingress"}, 20),
        ("azure", {"via": "ingress"}, 5),
        ("aws", {"via": "gateway"}, 5),
        ("azure", {"via": "loadBalancer"}, 20),
        ("kind", {"via": "loadBalancer"}, 5),
    ],
)
def test_a_clouds_load_balancer_learns_later(cloud: str, fields: dict[str, Any], drain: int) -> None:
    """It sends requests to a pod that ends until its controller has told it, or its own question failed."""
    place = {"cloud": cloud, **({} if cloud == "kind" else {"region": "us-east-1"})}
    sections: dict[str, Any] = {
        "clusters": {"main": place},
        "addons": {"gateway": {"manage": False}, "argo-rollouts": {"manage": False}},
    }
    service = {"ports": {"http": 80}, "expose": {"host": "a.example.com", "tls": False, **fields}}
    assert describe_pod(service, **sections)["containers"][0]["drain"] == drain
    short = {**service, "shutdown": {"grace": "9s"}}
    assert describe_pod(short, **sections)["containers"][0]["drain"] == min(drain, 6 if drain == 20 else 5)


@pytest.mark.parametrize(("tier", "drain"), [("development", None), ("staging", 5), ("production", 5)])
def test_callers_learn_before_the_port_closes(tier: str, drain: int | None) -> None:
    """A stateless service with ports waits before it is told to stop; in development nobody waits."""
    assert describe_pod({"ports": {"http": 80}}, tier=tier)["containers"][0].get("drain") == drain
    assert "drain" not in describe_pod({}, tier=tier)["containers"][0]


def test_the_wait_leaves_time_to_end() -> None:
    """It counts into the grace: Kubernetes refuses a wait that uses it up."""
    drains = [
        describe_pod({"ports": {"http": 80}, "shutdown": {"grace": grace}})["containers"][0].get("drain")
        for grace in ("60s", "3s", "1s", "0s")
    ]
    assert drains == [5, 2, None, None]
    assert describe_pod({"shutdown": {"grace": "0s"}})["grace"] == 0


def test_only_the_holder_of_a_lease_has_a_token() -> None:
    """No other pod may ask the API server."""
    service = {"workload": "stateful", "instances": "activePassive", "replicas": 2}
    assert describe_pod(service, "StatefulSet")["token"] is True
    assert "token" not in describe_pod({})
