"""The way into a cluster that Terraform has made."""

from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from tests.unit.facts.sites import IMAGE, load_spec

AZURE = "00000000-0000-0000-0000-000000000001"
CLOUDS: dict[str, dict[str, Any]] = {
    "aws": {"account": "111122223333", "region": "us-east-1", "zones": ["us-east-1a", "us-east-1b"]},
    "gcp": {"account": "shop-p", "region": "us-east1", "zones": ["us-east1-b"]},
    "azure": {"account": AZURE, "region": "eastus2", "zones": ["1", "2"]},
}
EXPECTED = {
    "aws": ["aws eks update-kubeconfig --region us-east-1 --name shop-test-one"],
    "gcp": [
        "gcloud container clusters get-credentials shop-test-one --project shop-p --location us-east1 --internal-ip"
    ],
    "azure": [
        f"az aks get-credentials --subscription {AZURE} --resource-group shop-test-one-cluster --name shop-test-one",
        "kubelogin convert-kubeconfig --login azurecli",
    ],
}


def _describe(cloud: str, cidrs: list[str]) -> dict[str, Any]:
    network = {"vpc": "10.0.0.0/16", "pods": "10.4.0.0/14", "services": "10.8.0.0/20"}
    network |= {"pods": "100.64.0.0/16"} if cloud == "aws" else {}
    cluster = {"cloud": cloud, **CLOUDS[cloud], "state": {"bucket": "shop-tfstate"}, "network": network}
    cluster |= {"access": {"cidrs": cidrs}} if cidrs else {}
    sections = {"clusters": {"one": cluster}, "terraform": {"version": "1.11"}}
    context = derive(load_spec({"web": {"image": IMAGE}}, **sections), Calendars())
    found: dict[str, Any] = context["clusters"]["one"]["terraform"]["cluster"]["login"]
    return found


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nobody_comes_in_from_outside_unless_it_is_said(cloud: str) -> None:
    """Without `access` the control plane has a private address only, and the command asks for that one."""
    assert _describe(cloud, []) == {"commands": EXPECTED[cloud], "private": True}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_public_network_makes_a_public_address(cloud: str) -> None:
    """Those of `access` come from outside."""
    login = _describe(cloud, ["192.0.2.0/24"])
    assert not login["private"]
    assert "--internal-ip" not in " ".join(login["commands"])
