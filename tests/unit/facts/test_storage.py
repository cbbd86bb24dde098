"""Storage classes and the disks that claims ask for."""

from typing import Any

import pytest

from hftgen.facts.parts import collect
from hftgen.facts.record import Record
from tests.unit.facts.sites import find, list_names, make_site

ZONES = {
    "aws": {"region": "us-east-1", "zones": ["us-east-1a"]},
    "gcp": {"region": "us-central1", "zones": ["us-central1-a"]},
    "azure": {"region": "eastus2", "zones": ["1"]},
}


def describe_disk(
    cloud: str, machine: str | None = None, size: str = "100Gi", **sections: Any
) -> dict[str, list[Record]]:
    """The parts of a stateful service with one fast disk, on such a cloud and machine."""
    volumes = {"data": {"path": "/data", "size": size, "class": "fast"}}
    services = {"app": {"workload": "stateful", "instances": "single", "volumes": volumes}}
    cluster: dict[str, Any] = {"cloud": cloud, **ZONES.get(cloud, {})}
    if machine is not None:
        cluster["pools"] = {"general": {"machine": machine, "min": 1, "max": 2}}
    return collect(make_site(services, clusters={"main": cluster}, **sections))


def find_claim(parts: dict[str, list[Record]]) -> Record:
    """The claim of the service."""
    claims: list[Record] = find(parts["app"], "StatefulSet")["claims"]
    return claims[0]


@pytest.mark.parametrize(
    ("cloud", "machine", "parameters"),
    [
        ("aws", None, {"type": "io2", "iopsPerGB": "50", "allowAutoIOPSPerGBIncrease": "true", "encrypted": "true"}),
        ("gcp", "n2-standard-8", {"type": "pd-ssd"}),
        ("azure", "Standard_D8s_v5", {"skuName": "Premium_LRS", "cachingMode": "None"}),
        ("metal", None, {}),
    ],
)
def test_a_fast_disk_is_the_clouds_fast_one(cloud: str, machine: str | None, parameters: dict[str, str]) -> None:
    """Encrypted where that has to be asked for; on metal the hosts' own."""
    parts = describe_disk(cloud, machine)
    name = find_claim(parts)["class"]
    assert name == "shop-test-fast"
    assert find(parts["platform"], "StorageClass", name)["parameters"] == parameters


def test_machines_that_take_another_kind_of_disk_get_it() -> None:
    """Under a name of its own, for both kinds may be used on one cluster."""
    parts = describe_disk("gcp", "c4-standard-8")
    name = find_claim(parts)["class"]
    assert name == "shop-test-fast-hyperdisk"
    assert find(parts["platform"], "StorageClass", name)["parameters"]["type"] == "hyperdisk-balanced"


def test_what_a_spec_may_change_of_a_class_is_in_its_name() -> None:
    """A class is immutable: another content under the same name would be refused."""
    sections: list[dict[str, Any]] = [
        {},
        {"tier": "production"},
        {"security": {"encryptionAtRest": False, "podSecurity": "baseline"}},
    ]
    names = [find_claim(describe_disk("aws", **section))["class"] for section in sections]
    assert names == ["shop-test-fast", "shop-test-fast-retained", "shop-test-fast-plain"]


def test_a_claim_is_as_large_as_the_clouds_smallest_disk() -> None:
    """A smaller one would wait for ever."""
    assert find_claim(describe_disk("aws", size="1Gi"))["size"] == "4Gi"
    assert find_claim(describe_disk("aws", size="5Gi"))["size"] == "5Gi"
    assert find_claim(describe_disk("kind", size="1Gi"))["size"] == "1Gi"


def test_kind_has_a_class_already() -> None:
    """And nothing of ours."""
    parts = describe_disk("kind")
    assert find_claim(parts)["class"] == "standard"
    assert list_names(parts["platform"], "StorageClass") == []
