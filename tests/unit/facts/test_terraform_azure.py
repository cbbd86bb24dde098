"""What the Azure modules are told: names that Azure takes, and one value for both sides."""

import functools
import re
from datetime import UTC, datetime
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hftgen.calendars import Calendars
from hftgen.check.azure import find_unknown_admins, find_unknown_identities
from hftgen.facts.addon_values import find_values
from hftgen.facts.certificates import describe_issuers
from hftgen.facts.derive import derive, list_sites
from hftgen.facts.maintenance import Maintenance
from hftgen.facts.names import SPOT_TAINT
from hftgen.facts.nodes import describe_node
from hftgen.facts.scheduling import describe_pool
from hftgen.facts.site import Site
from hftgen.facts.terraform import azure, azure_names
from hftgen.facts.terraform.azure_cluster import describe_maintenance
from hftgen.facts.terraform.azure_network import list_addresses, split_access
from hftgen.facts.terraform.common import Surroundings
from hftgen.spec.load import Loaded
from hftgen.spec.rules.azure_data import choose_disk
from hftgen.spec.rules.azure_ranges import carve
from hftgen.spec.rules.tuning import AKS
from tests.unit.facts.sites import load_spec

MODULES = Path(__file__).resolve().parents[3] / "templates" / "terraform" / "modules" / "azure"
ACCOUNT = "22222222-2222-2222-2222-222222222222"
GROUP = "33333333-3333-3333-3333-333333333333"
ZEROS = "00000000-0000-0000-0000-000000000000"
CLIENT = "44444444-4444-4444-4444-444444444444"
WEB = {"ports": {"http": 8080, "metrics": 9090}, "pool": "general", "cpu": 1, "memory": "1Gi"}
ALONE = Surroundings((), None)


def describe_site(number: int = 0, **more: Any) -> dict[str, Any]:
    """A cluster on Azure with a network of its own."""
    return {
        "cloud": "azure",
        "account": ACCOUNT,
        "region": "westeurope",
        "zones": ["1", "2"],
        "state": {"bucket": f"shop-tfstate-{number}"},
        "access": {"admins": [GROUP]},
        "network": {"vpc": f"10.{20 + number}.0.0/16", "pods": f"100.{64 + number}.0.0/16",
                    "services": f"172.{20 + number}.0.0/20"},
        "pools": {"general": {"machine": "Standard_D8s_v5", "min": 3, "max": 6}},
        **more,
    }  # fmt: skip


def load_azure(services: dict[str, Any] | None = None, **sections: Any) -> Loaded:
    """An environment that Terraform makes on Azure."""
    sections.setdefault("clusters", {"weu": describe_site()})
    return load_spec(services or {"web": WEB}, **{"terraform": {"version": "1.11"}, **sections})


def make_azure(services: dict[str, Any] | None = None, **sections: Any) -> Site:
    """Its first site."""
    return list_sites(load_azure(services, **sections))[0]


@functools.cache
def _load_base() -> Loaded:
    return load_azure()


def name_site(project: str, environment: str, cluster: str) -> Site:
    """A site of these names, whatever the rules of a spec say of them."""
    site = list_sites(_load_base())[0]
    names = {"project": project, "environment": environment, "clusters": {cluster: site.cluster}}
    return Site(site.environment.model_copy(update=names), cluster, site.services, site.files, site.tables)


LABEL = st.from_regex(r"[a-z]([-a-z0-9]{0,28}[a-z0-9])?", fullmatch=True)
SHORT = st.from_regex(r"[a-z]([-a-z0-9]{0,18}[a-z0-9])?", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(project=LABEL, environment=SHORT, cluster=LABEL)
def test_names_are_such_as_azure_takes(project: str, environment: str, cluster: str) -> None:
    """For every project, environment and cluster: length, letters, no doubled hyphens where Azure refuses them."""
    site = name_site(project, environment, cluster)
    assert re.fullmatch(r"[a-z](-?[a-z0-9])*", name := azure_names.name_base(site)), name
    assert len(name) <= 48
    assert re.fullmatch(r"[a-z0-9]{3,24}", azure_names.name_storage(site, "backups"))
    assert re.fullmatch(r"(?=.{3,24}$)[a-z](-?[a-z0-9])+", azure_names.name_keys_vault(site, "data"))
    assert re.fullmatch(r"(?=.{3,60}$)[a-z](-?[a-z0-9])+", azure_names.name_server(site, "d" * 50))
    assert len(azure_names.name_group(site, "cluster")) <= 80
    assert 3 <= len(azure_names.name_identity(site, "s" * 52, own=True)) <= 128


def test_names_of_different_things_differ() -> None:
    """Hyphens that are dropped, and beginnings that are cut, leave no two things with one name."""
    assert azure_names.name_base(name_site("a--b", "test", "x")) != azure_names.name_base(name_site("a-b", "test", "x"))
    long = "a" * 30
    assert azure_names.name_base(name_site(long, "b" * 20, "cd")) != azure_names.name_base(
        name_site(long, "b" * 20, "ce")
    )
    site = make_azure()
    assert azure_names.name_storage(site, "one") != azure_names.name_storage(site, "two")


@given(prefix=st.integers(8, 24), inside=st.integers(1, 6))
def test_subnets_lie_apart_within_the_network(prefix: int, inside: int) -> None:
    """Whatever pods take of it, the parts do not overlap, and the smallest are as large as Azure asks."""
    vpc = IPv4Network((0x0A000000, prefix))
    for pods in (None, next(vpc.subnets(prefixlen_diff=inside)) if prefix + inside <= 24 else None):
        parts = carve(vpc, pods)
        found = [*parts, *([pods] if pods is not None else [])]
        assert all(part.subnet_of(vpc) for part in found)
        assert not any(a.overlaps(b) for index, a in enumerate(found) for b in found[index + 1 :])
        assert parts.gateway.prefixlen <= 27
        assert max(part.prefixlen for part in parts) <= 28


def test_hours_of_maintenance_run_past_midnight() -> None:
    """AKS counts hours by day of the week: a window that begins on Friday evening ends on Saturday."""
    window = Maintenance((5,), 22, 4, datetime(2026, 1, 2, 22, tzinfo=UTC))
    assert describe_maintenance(window)["allowed"] == {"Friday": [22, 23], "Saturday": [0, 1]}
    week = Maintenance((6,), 23, 2, datetime(2026, 1, 3, 23, tzinfo=UTC))
    assert describe_maintenance(week)["allowed"] == {"Saturday": [23], "Sunday": [0]}


def test_pods_tolerate_what_their_nodes_carry() -> None:
    """Each taint that Terraform and AKS put on a pool is tolerated by its pods, that of spot machines too."""
    pools = {"general": {"machine": "Standard_D8s_v5", "min": 0, "max": 6, "spot": True}}
    site = make_azure(clusters={"weu": describe_site(pools=pools)})
    taints = {(taint["key"], taint["value"]) for taint in describe_node(site, "general").taints}
    tolerated = {(each["key"], each["value"]) for each in describe_pool(site, "general")["tolerations"]}
    assert taints == tolerated == {(SPOT_TAINT, "spot")}
    told = azure.derive_cluster(site, ALONE)["node_pools"]["general"]
    assert told["taints"] == [f"{SPOT_TAINT}=spot:NoSchedule"]


def test_a_pool_that_azure_would_cycle_has_another_name() -> None:
    """AKS cycles machines without a drain: what it would do so for makes another pool, more nodes do not."""
    names = {
        azure.derive_cluster(make_azure(**more), ALONE)["node_pools"]["general"]["name"]
        for more in ({}, {"security": {"encryptionAtRest": False}})
    }
    assert len(names) == 2
    larger = {"general": {"machine": "Standard_D8s_v5", "min": 3, "max": 7}}
    told = azure.derive_cluster(make_azure(clusters={"weu": describe_site(pools=larger)}), ALONE)["node_pools"]
    assert told["general"]["name"] in names


def test_system_pods_have_machines_of_their_own_unless_the_spec_has_a_pool() -> None:
    """A pool called system is the cluster's first, and others may use it."""
    own = azure.derive_cluster(make_azure(), ALONE)["system_pool"]
    assert (own["reserved"], own["min"]) == (True, 3)
    pools = {"system": {"machine": "Standard_D16s_v5", "min": 2, "max": 4}}
    clusters = {"weu": describe_site(pools={**describe_site()["pools"], **pools})}
    told = azure.derive_cluster(make_azure(clusters=clusters), ALONE)
    assert told["system_pool"]["machine"] == "Standard_D16s_v5"
    assert told["system_pool"]["reserved"] is False
    assert list(told["node_pools"]) == ["general"]


def test_people_inside_and_outside_are_told_apart() -> None:
    """A public range opens a public address for itself; firewalls take no single address as a range, nor everything."""
    access = {"cidrs": ["203.0.113.0/24", "10.200.0.0/16", "198.51.100.7/32", "198.51.100.8/31"], "admins": [GROUP]}
    site = make_azure(clusters={"weu": describe_site(access=access)})
    assert split_access(site) == (["203.0.113.0/24", "198.51.100.7/32", "198.51.100.8/31"], ["10.200.0.0/16"])
    assert list_addresses(site) == ["203.0.113.0/24", "198.51.100.7", "198.51.100.8", "198.51.100.9"]
    everybody = make_azure(clusters={"weu": describe_site(access={"cidrs": ["0.0.0.0/0"], "admins": [GROUP]})})
    assert list_addresses(everybody) == ["0.0.0.0/1", "128.0.0.0/1"]
    told = azure.derive_cluster(everybody, ALONE)
    assert (told["public_access"], told["authorized_cidrs"]) == (True, [])
    assert azure.derive_cluster(make_azure(), ALONE)["public_access"] is False


def test_exposed_ports_are_open_to_whom_they_are_for() -> None:
    """Of a load balancer its own port, of a gateway those of the web."""
    exposed = {
        "own": {**WEB, "expose": {"host": "own.example.com", "via": "loadBalancer"}},
        "inner": {**WEB, "expose": {"host": "in.example.com", "via": "ingress", "internal": True}},
    }
    ports = azure.derive_network(make_azure(exposed))["exposed_ports"]
    assert ports == {"public": [8080], "internal": [80, 443]}


def test_a_standby_follows_the_primarys_server() -> None:
    """The id that one cluster's data root is told is that of what the other's makes."""
    clusters = {"weu": describe_site(), "neu": describe_site(1, role="standby", region="northeurope")}
    stores = {"db": {"engine": "postgres", "version": "16", "placement": "managed", "storage": "100Gi"}}
    recovery = {"rto": "1h", "rpo": "1m", "replication": "continuous"}
    loaded = load_azure(clusters=clusters, datastores=stores, recovery=recovery)
    standby, primary = (azure.derive_data(site, ALONE) for site in list_sites(loaded))
    made = f"{primary['resource_group']}/providers/Microsoft.DBforPostgreSQL/flexibleServers/"
    assert standby["databases"]["db"]["source"].endswith(made + primary["databases"]["db"]["name"])
    assert primary["databases"]["db"]["source"] is None
    networks = [azure.derive_network(site) for site in list_sites(loaded)]
    joined = standby["primary_network"]
    assert joined["id"].endswith(
        f"/{networks[1]['resource_group']}/providers/Microsoft.Network/virtualNetworks/shop-test-weu"
    )
    assert joined["zone_id"].endswith(f"/privateDnsZones/{networks[1]['private_zones']['postgres']}")
    assert primary["primary_network"] is None
    # Each lets the other's databases in.
    assert [each["replica_cidrs"] for each in networks] == [[each["subnets"]["databases"]] for each in networks[::-1]]
    alone = load_azure(clusters=clusters, datastores=stores)
    assert azure.derive_data(list_sites(alone)[0], ALONE)["databases"] == {}
    assert azure.derive_network(list_sites(alone)[0])["replica_cidrs"] == []


def test_a_network_of_another_subscription_is_joined_by_hand() -> None:
    """A root module has the login of its own subscription."""
    other = "22222222-2222-2222-2222-222222222223"
    clusters = {"weu": describe_site(), "neu": describe_site(1, role="standby", region="northeurope", account=other)}
    stores = {"db": {"engine": "postgres", "version": "16", "placement": "managed", "storage": "100Gi"}}
    recovery = {"rto": "1h", "rpo": "1m", "replication": "continuous"}
    secrets = {"backend": "azure-key-vault", "path": "shop", "tenant": ZEROS, "identity": {"azure": ZEROS}}
    loaded = load_azure(clusters=clusters, datastores=stores, recovery=recovery, secrets=secrets)
    standby, primary = list_sites(loaded)
    data = azure.derive_data(standby, ALONE)
    vaults = [azure.derive_data(site, ALONE)["secrets_vault"] for site in (standby, primary)]
    assert [(each["manual"], each["owned"]) for each in vaults] == [(True, False), (False, True)]
    assert (data["primary_network"], bool(data["databases"]["db"]["source"])) == (None, True)


def test_records_are_what_manifests_name() -> None:
    """The alias of a managed datastore leads to a record of the zone, where that lies in the subscription."""
    stores = {"cache": {"engine": "redis", "version": "7.4", "placement": "managed", "port": 10000}}
    dns = {"provider": "azure", "zone": "shop.example.com"}
    data = azure.derive_data(make_azure(datastores=stores, dns=dns), ALONE)
    assert data["caches"]["cache"]["record"] == "cache.weu.test"
    assert data["dns_zone"] == {"name": "shop.example.com", "resource_group": "shop-dns", "ttl": 60}
    elsewhere = azure.derive_data(make_azure(datastores=stores, dns={**dns, "account": GROUP}), ALONE)
    assert (elsewhere["dns_zone"], elsewhere["caches"]["cache"]["record"]) == (None, None)


@pytest.mark.parametrize(
    ("size", "expected"), [("1Gi", 32), ("32Gi", 32), ("33Gi", 64), ("500Gi", 512), ("20Ti", 32767), ("40Ti", None)]
)
def test_disks_come_in_sizes(size: str, expected: int | None) -> None:
    """The next larger one holds what is asked for."""
    units = {"Gi": 2**30, "Ti": 2**40}
    assert choose_disk(int(size[:-2]) * units[size[-2:]]) == expected


def test_identities_are_shared_unless_a_cluster_says_another() -> None:
    """One client id is one identity; where a cluster overrides it, it has one of its own, and pods log in as that."""
    other = "55555555-5555-5555-5555-555555555555"
    service = {**WEB, "identity": {"azure": CLIENT}, "clusters": {"weu": {}, "neu": {"identity": {"azure": other}}}}
    clusters = {"weu": describe_site(), "neu": describe_site(1, region="northeurope")}
    loaded = load_azure({"web": service}, clusters=clusters)
    sites = list_sites(loaded)
    shared = azure.derive_shared(sites)
    assert shared is not None
    assert shared["identities"] == {"shop-test-web": {"client_id": CLIENT}, "shop-test-web-neu": {"client_id": other}}
    for site in sites:
        told = azure.derive_cluster(site, ALONE)["service_accounts"]["web"]
        assert told["identity_id"].rpartition("/")[2] in shared["identities"]
        assert told["namespace"] == site.namespace


def test_an_identity_of_zeros_is_not_known_yet() -> None:
    """HFT-X61: it is made all the same, and somebody is told to write its id into the spec."""
    loaded = load_azure({"web": {**WEB, "identity": {"azure": ZEROS}}})
    shared = azure.derive_shared(list_sites(loaded))
    assert shared is not None
    assert shared["identities"] == {"shop-test-web": {"client_id": None}}
    (finding,) = find_unknown_identities(loaded)
    assert (finding.rule, finding.subject) == ("HFT-X61", "services.web.identity")
    assert list(find_unknown_identities(load_azure({"web": {**WEB, "identity": {"azure": CLIENT}}}))) == []


def test_administrators_are_known_by_id() -> None:
    """HFT-X60: a name that AKS does not know, or nobody at all."""
    named = load_azure(clusters={"weu": describe_site(access={"admins": ["oncall", GROUP]})})
    (finding,) = find_unknown_admins(named)
    assert "oncall" in finding.message
    assert azure.derive_cluster(list_sites(named)[0], ALONE)["admin_groups"] == [GROUP]
    (finding,) = find_unknown_admins(load_azure(clusters={"weu": describe_site(access={})}))
    assert "nobody" in finding.message
    assert list(find_unknown_admins(load_azure())) == []


def test_groups_are_made_once_and_filled_by_ci() -> None:
    """Each group of a root module is made with exactly one state, and CI has its rights in all of them."""
    clusters = {"weu": describe_site(), "neu": describe_site(1, region="northeurope", role="standby")}
    ci = {"systems": ["gitlab"], "oidc": {"issuer": "https://gitlab.example.com", "subjects": ["b", "a"]}}
    sites = list_sites(load_azure(clusters=clusters, ci=ci, dns={"provider": "azure", "zone": "shop.example.com"}))
    made = [group for site in sites for group in azure.derive_state(site)["resource_groups"]]
    assert len(made) == len(set(made))
    trust = azure.derive_trust([sites[1], sites[0]])
    assert trust is not None
    assert set(trust["resource_groups"]) == set(made) >= {"shop-dns", "shop-test-shared", "shop-test-weu-network"}
    assert trust["subjects"] == {"plan": ["a", "b"], "apply": ["a", "b"], "push": []}
    roots = [azure.derive_network(sites[0]), azure.derive_cluster(sites[0], ALONE), azure.derive_data(sites[0], ALONE)]
    assert {root["resource_group"] for root in roots} <= set(made)


def test_what_environments_share_one_of_them_makes() -> None:
    """Another environment of the same subscription pulls from the registry, and makes neither it nor the zone."""
    sections: dict[str, Any] = {
        "ci": {"systems": ["gitlab"], "registry": "shopimages.azurecr.io/shop"},
        "dns": {"provider": "azure", "zone": "shop.example.com"},
    }
    owner = azure.derive_shared([make_azure(**sections)])
    assert owner is not None
    assert (owner["registry"]["name"], owner["dns_zone"]["name"]) == ("shopimages", "shop.example.com")
    guest = make_azure(**sections, terraform={"version": "1.11", "ownsAccounts": False})
    assert azure.derive_shared([guest]) is None
    groups = azure.derive_state(guest)["resource_groups"]
    assert not {"shop-dns", "shop-registry"} & set(groups)
    registry = azure.derive_cluster(guest, ALONE)["registry_id"]
    assert registry == azure.derive_network(guest)["registry_id"]
    assert registry.endswith("/shop-registry/providers/Microsoft.ContainerRegistry/registries/shopimages")


def test_states_lie_where_backends_look() -> None:
    """Account and container of the backend are those that the module of states makes."""
    for state in ({"bucket": "shop-tfstate"}, {"bucket": "shoptfstate"}, {"bucket": "b-1", "storageAccount": "shopst"}):
        site = make_azure(clusters={"weu": describe_site(state=state)})
        backend, made = azure.derive_backend(site, "weu/data")["azurerm"], azure.derive_state(site)
        assert (backend["storage_account_name"], [backend["container_name"]]) == (
            made["storage_account"],
            made["containers"],
        )


def test_every_root_has_the_same_places() -> None:
    """Subnets and private zones that cluster and data name are those that network makes."""
    stores = {"db": {"engine": "postgres", "version": "16", "placement": "managed", "storage": "100Gi"}}
    context = derive(load_azure(datastores=stores), Calendars())["clusters"]["weu"]["terraform"]
    network, cluster, data = (context[name]["variables"] for name in ("network", "cluster", "data"))
    places = [*cluster["subnet_ids"].values(), *data["subnet_ids"].values()]
    made = {name for name, cidr in network["subnets"].items() if cidr is not None}
    assert {place.rpartition("/")[2] for place in places if place} <= made
    zones = {place.rpartition("/")[2] for place in (*data["zone_ids"].values(), cluster["vault_zone_id"])}
    assert zones <= set(network["private_zones"].values())


def test_module_and_rule_take_the_same_values() -> None:
    """The ranges of kernel parameters stand twice, since a module is judged without us: they are the same."""
    text = (MODULES / "cluster" / "variables.tf").read_text(encoding="utf-8")
    found = {
        name: (int(least), int(most))
        for name, least, most in re.findall(r"^ {4}(\w+) += \[(\d+), (\d+)\]", text, re.MULTILINE)
    }
    assert found == {re.sub(r"[.-]", "_", name): span for name, span in AKS.items()}


def test_ci_has_names_of_its_own_in_each_subscription() -> None:
    """A role's name is unique among all subscriptions: what two clusters' trusts make does not collide."""
    ci = {"systems": ["gitlab"], "oidc": {"issuer": "https://gitlab.example.com", "subjects": ["a"]}}
    clusters = {"weu": describe_site(), "neu": describe_site(1, account=GROUP, role="standby")}
    names = {(azure.derive_trust([site]) or {})["name"] for site in list_sites(load_azure(clusters=clusters, ci=ci))}
    assert len(names) == 2


def test_cert_manager_writes_records_as_an_identity() -> None:
    """The client id of its solver is that of an identity that is made, bound to its account and let into its zone."""
    sections: dict[str, Any] = {
        "dns": {"provider": "azure", "zone": "shop.example.com", "identity": CLIENT},
        "addons": {"cert-manager": {"version": "1.21.2", "namespace": "certs"}},
    }
    site = make_azure(**sections)
    told = azure.derive_shared([site])
    assert told is not None
    assert told["identities"] == {"shop-test-cert-manager": {"client_id": CLIENT}}
    assert told["zone_writer"]["identity"] == "shop-test-cert-manager"
    assert told["zone_writer"]["zone_id"].endswith("/shop-dns/providers/Microsoft.Network/dnsZones/shop.example.com")
    account = azure.derive_cluster(site, ALONE)["service_accounts"]["cert-manager"]
    assert (account["namespace"], account["account"]) == ("certs", "cert-manager")
    exposed = {"web": {**WEB, "expose": {"host": "web.shop.example.com", "via": "ingress"}}}
    (issuer,) = [each for each in describe_issuers(make_azure(exposed, **sections)) if each["kind"] == "ClusterIssuer"]
    assert issuer["solver"]["azureDNS"]["managedIdentity"] == {"clientID": CLIENT}
    values = find_values(site, "cert-manager")
    assert values["podLabels"] == values["serviceAccount"]["labels"] == {"azure.workload.identity/use": "true"}
    alone = {**sections, "dns": {"provider": "azure", "zone": "shop.example.com"}}
    assert "podLabels" not in find_values(make_azure(**alone), "cert-manager")
