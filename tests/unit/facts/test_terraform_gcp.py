"""Variables of Google Cloud's modules: names within limits, the same facts as the manifests have, nothing unasked."""

import re
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from hftgen.facts.nodes import describe_node
from hftgen.facts.site import Site
from hftgen.facts.terraform import gcp_names
from hftgen.spec.rules.gcp_ranges import divide
from tests.unit.facts.sites import IMAGE, load_spec

IOWA: dict[str, Any] = {
    "cloud": "gcp",
    "account": "shop-prod",
    "region": "us-central1",
    "zones": ["us-central1-a", "us-central1-b"],
    "state": {"bucket": "shop-tfstate"},
    "network": {"vpc": "10.40.0.0/16", "pods": "10.44.0.0/14", "services": "10.48.0.0/20"},
    "pools": {
        "fast": {
            "machine": "c3-highcpu-88",
            "min": 3,
            "max": 4,
            "zones": ["us-central1-a"],
            "pinning": "static",
            "hugepages": {"1Gi": "32Gi"},
            "placement": "compact",
        },
        "general": {"machine": "n2-standard-16", "smt": False, "min": 2, "max": 4},
    },
}
OREGON = {
    **IOWA,
    "role": "standby",
    "region": "us-west1",
    "zones": ["us-west1-a"],
    "state": {"bucket": "shop-tfstate-oregon"},
    "network": {"vpc": "10.60.0.0/16"},
    "pools": {"general": IOWA["pools"]["general"]},
}
MANAGED = {
    "ledger": {"engine": "postgres", "version": "16", "placement": "managed", "storage": "100Gi", "cpu": 4},
    "cache": {"engine": "redis", "version": "7", "placement": "managed", "memory": "2500Mi", "highAvailability": True},
}
DNS = {"provider": "gcp", "zone": "shop.example.com"}
OIDC = {"issuer": "https://gitlab.example.com", "subjects": ["project_path:shop/app:ref_type:branch:ref:main"]}


def _derive(services: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    sections = {"terraform": {"version": "1.11"}, "clusters": {"iowa": IOWA}, **sections}
    loaded = load_spec(services or {"web": {"image": IMAGE, "pool": "general"}}, **sections)
    return derive(loaded, Calendars())


def _vary(**fields: Any) -> dict[str, Any]:
    return {"iowa": {**IOWA, **fields}}


def _read(context: dict[str, Any], root: str, cluster: str = "iowa") -> dict[str, Any]:
    variables: dict[str, Any] = context["clusters"][cluster]["terraform"][root]["variables"]
    return variables


def _read_call(context: dict[str, Any], root: str, call: str) -> dict[str, Any]:
    variables: dict[str, Any] = context["terraform"][root]["variables"][call]
    return variables


def test_a_vpc_is_divided() -> None:
    """Machines, managed databases and the control plane have parts that do not overlap."""
    network = _read(_derive(datastores=MANAGED, dns=DNS), "network")
    assert network["nodes_cidr"] == "10.40.0.0/17"
    assert network["managed_cidr"] == "10.40.128.0/18"
    assert network["control_cidr"] == "10.40.255.240/28"
    assert network["proxies_cidr"] is None


@pytest.mark.parametrize(
    ("expose", "proxies"),
    [
        ({"host": "a.example.com", "via": "ingress", "internal": True}, "10.40.192.0/23"),
        ({"host": "a.example.com", "via": "ingress", "internal": False}, None),
    ],
)
def test_internal_load_balancers_have_proxies(expose: dict[str, Any], proxies: str | None) -> None:
    """Google's controller makes none without a range for them."""
    services = {"web": {"pool": "general", "ports": {"http": 80}, "expose": expose}}
    assert _read(_derive(services), "network")["proxies_cidr"] == proxies


@pytest.mark.parametrize("length", [8, 16, 20, 22, 23, 24, 26])
def test_parts_of_a_vpc_do_not_overlap(length: int) -> None:
    """Whatever its size, each part lies inside, apart from the others, and is one that Google takes."""
    vpc = IPv4Network(f"10.0.0.0/{length}")
    parts = [part for part in divide(vpc) if part is not None]
    assert all(part.subnet_of(vpc) for part in parts)
    assert not any(one.overlaps(other) for one, other in combinations(parts, 2))
    assert (divide(vpc).managed is not None, divide(vpc).proxies is not None) == (length <= 22, length <= 23)


def test_nothing_is_set_apart_for_nobody() -> None:
    """Without managed datastores there is no range for them, and no key is in any file."""
    network = _read(_derive(), "network")
    assert (network["managed_cidr"], network["interconnects"], network["vpns"]) == (None, {}, {})
    assert network["vpn_keys"] == {}


def test_connections_keep_their_addresses() -> None:
    """A VPN that is added at the end moves no other's links, and an Interconnect is told its VLAN."""
    first = {"kind": "vpn", "id": "office"}
    connect = [first, {"kind": "interconnect", "id": "ic-1", "vlan": 100}, {"kind": "vpn", "id": "desk", "asn": 65010}]
    one, all_ = (
        _read(_derive(clusters=_vary(network={**IOWA["network"], "connect": items})), "network")
        for items in ([first], connect)
    )
    assert one["vpns"]["office"] == all_["vpns"]["office"] == {
        "asn": 65000,
        "links": ["169.254.10.0/30", "169.254.10.4/30"],
    }  # fmt: skip
    assert all_["vpns"]["desk"] == {"asn": 65010, "links": ["169.254.10.8/30", "169.254.10.12/30"]}
    assert all_["interconnects"] == {"ic-1": {"asn": 65000, "vlan": 100}}


def test_pools_are_what_their_nodes_are() -> None:
    """Names, labels, taints and kubelets are those of facts/nodes.py, in GKE's words."""
    loaded = load_spec({"web": {"pool": "general"}}, clusters={"iowa": IOWA}, terraform={"version": "1.11"})
    site = Site(loaded.environment, "iowa", loaded.services["iowa"], loaded.files, loaded.tables)
    pools = _read(_derive(), "cluster")["node_pools"]
    for name, pool in pools.items():
        node = describe_node(site, name)
        assert (pool["name"], pool["labels"], pool["pods"]) == (node.name, node.labels, node.pods)
        assert pool["cpu_manager"] == node.kubelet.get("cpuManagerPolicy")
        assert pool["sysctls"] == node.sysctls
    fast = pools["fast"]
    assert fast["taints"] == [{"key": "hftgen.io/pool", "value": "fast", "effect": "NO_SCHEDULE"}]
    assert (fast["compact"], fast["hugepages_1g"], fast["memory"], fast["threads"]) == (True, 32, "Static", None)
    assert fast["topology"] == {"policy": "single-numa-node", "scope": "pod"}
    assert pools["general"]["threads"] == 1
    assert (pools["general"]["topology"], pools["general"]["transparent"]) == (None, None)


@pytest.mark.parametrize("pool", ["fast", "general"])
def test_a_new_version_makes_new_pools(pool: str) -> None:
    """GKE upgrades no node to another minor version: the exclusion that holds the control plane's holds theirs too."""
    names = {
        _read(_derive(kubernetes={"version": version}), "cluster")["node_pools"][pool]["name"]
        for version in ("1.35", "1.36")
    }
    assert len(names) == 2


@pytest.mark.parametrize(
    ("machine", "disk", "disks"),
    [("c4-standard-8", "hyperdisk-balanced", 0), ("c3-standard-8-lssd", "pd-balanced", 2)],
)
def test_disks_are_those_of_the_machine(machine: str, disk: str, disks: int) -> None:
    """A machine without Persistent Disks starts from a Hyperdisk, and local disks are used where there are any."""
    pools = {"general": {"machine": machine, "min": 2, "max": 4}}
    pool = _read(_derive(clusters=_vary(pools=pools)), "cluster")["node_pools"]["general"]
    assert (pool["disk_type"], pool["disks"]) == (disk, disks)


@pytest.mark.parametrize(
    ("cidrs", "public"),
    [([], False), (["10.8.0.0/16", "100.64.0.0/16"], False), (["10.8.0.0/16", "192.0.2.0/24"], True)],
)
def test_the_api_server_is_public_where_people_are(cidrs: list[str], *, public: bool) -> None:
    """Whoever comes from a private network comes by a private way."""
    assert _read(_derive(clusters=_vary(access={"cidrs": cidrs})), "cluster")["public_endpoint"] is public


def test_iam_knows_addresses() -> None:
    """A group's address is a member of IAM; the name of a group of Argo CD's is none."""
    admins = ["oncall@example.com", "user:ann@example.com", "platform-oncall"]
    cluster = _read(_derive(clusters=_vary(access={"admins": admins})), "cluster")
    assert cluster["access_admins"] == ["group:oncall@example.com", "user:ann@example.com"]


def test_identities_are_those_of_the_manifests() -> None:
    """An account of this project is made where it is not there; another project's only learns who acts as it."""
    home, away = "web@shop-prod.iam.gserviceaccount.com", "web@other.iam.gserviceaccount.com"
    services = {
        "web": {"pool": "general", "identity": {"gcp": home}},
        "api": {"pool": "general", "identity": {"gcp": away}},
        "bot": {"pool": "general", "identity": {"gcp": home}},
    }
    assert _read(_derive(services), "cluster")["identities"] == {
        home: {"own": True, "accounts": ["shop-test/bot", "shop-test/web"]},
        away: {"own": False, "accounts": ["shop-test/api"]},
    }


def test_secrets_are_read_below_their_path() -> None:
    """Who reads them is External Secrets' own identity, unless the spec names an account."""
    secrets: dict[str, Any] = {"backend": "gcp-secret-manager", "path": "shop"}
    addons = {"external-secrets": {"manage": False}}
    own = _read(_derive(secrets=secrets, addons=addons), "cluster")
    assert own["secret_reader"] == {
        "account": "shop-prod",
        "reader": "shop-test/secret-reader",
        "prefix": "shop-test-",
    }
    said = "reader@shop-prod.iam.gserviceaccount.com"
    named = _read(_derive(secrets={**secrets, "identity": {"gcp": said}}, addons=addons), "cluster")
    assert named["secret_reader"]["reader"] == said
    assert named["identities"] == {said: {"own": True, "accounts": ["shop-test/secret-reader"]}}


def test_managed_datastores_have_the_manifests_names() -> None:
    """Pods look for `<name>.<cluster>.<environment>.<zone>`; sizes are rounded up to what there is."""
    data = _read(_derive(datastores=MANAGED, dns=DNS), "data")
    ledger, cache = data["databases"]["ledger"], data["caches"]["cache"]
    assert ledger["host"] == "ledger.iowa.test.shop.example.com"
    assert (ledger["version"], ledger["tier"], ledger["edition"]) == ("POSTGRES_16", "db-custom-4-16384", "ENTERPRISE")
    assert (ledger["storage"], ledger["source"], ledger["backups"]) == (100, None, None)
    assert (cache["version"], cache["memory"], cache["high_availability"]) == ("REDIS_7_2", 3, True)
    assert (cache["persistent"], cache["tls"]) == (False, False)


def test_a_better_machine_is_of_a_better_edition() -> None:
    """Cloud SQL has some tiers in Enterprise Plus alone."""
    stores = {"ledger": {**MANAGED["ledger"], "machine": "db-perf-optimized-N-4"}}
    assert _read(_derive(datastores=stores, dns=DNS), "data")["databases"]["ledger"]["edition"] == "ENTERPRISE_PLUS"


def test_arm_machines_have_larger_disks() -> None:
    """They take Hyperdisk alone, of which Google has nothing below 20 GB."""
    store = {"engine": "postgres", "version": "16", "placement": "managed", "storage": "10Gi"}
    stores = {"intel": store, "arm": {**store, "machine": "db-c4a-highmem-4"}}
    databases = _read(_derive(datastores=stores, dns=DNS), "data")["databases"]
    assert {name: each["storage"] for name, each in databases.items()} == {"intel": 10, "arm": 20}


def test_the_billing_account_can_be_read() -> None:
    """A budget belongs to the project's billing account, which Google tells where that API is on."""
    assert "cloudbilling.googleapis.com" in _read_call(_derive(), "bootstrap", "iowa_state")["services"]


@pytest.mark.parametrize(("replication", "source"), [("continuous", "shop-test-iowa-ledger"), ("none", None)])
def test_a_standby_follows_or_has_none(replication: str, source: str | None) -> None:
    """A second database that takes writes would be worse than none."""
    recovery = {
        "rto": "1h",
        "rpo": "24h",
        "replication": replication,
        "backups": {"schedule": "0 2 * * *", "keep": "48h"},
    }
    context = _derive(datastores=MANAGED, dns=DNS, clusters={"iowa": IOWA, "oregon": OREGON}, recovery=recovery)
    databases = _read(context, "data", "oregon")["databases"]
    assert [each["source"] for each in databases.values()] == ([] if source is None else [source])
    assert _read(context, "data", "oregon")["caches"].keys() == {"cache"}
    assert _read(context, "data")["databases"]["ledger"]["backups"] == {"hour": 2, "copies": 2}


def test_what_a_replica_is_made_of_is_there() -> None:
    """Cloud SQL makes a replica of an instance that has backups, whether or not the spec asks for any."""
    recovery = {"rto": "1h", "rpo": "1m", "replication": "continuous"}
    context = _derive(datastores=MANAGED, dns=DNS, clusters={"iowa": IOWA, "oregon": OREGON}, recovery=recovery)
    assert _read(context, "data")["databases"]["ledger"]["backups"] == {"hour": 0, "copies": 7}


def test_addresses_that_are_said_are_somebody_elses() -> None:
    """Where the spec says what the cloud has called it, no record is made."""
    stores = {"ledger": {**MANAGED["ledger"], "addresses": {"iowa": "10.40.128.3"}}}
    assert _read(_derive(datastores=stores, dns=DNS), "data")["databases"]["ledger"]["host"] is None


@pytest.mark.parametrize(
    ("offsite", "tier", "location", "locked"),
    [(True, "production", "US", True), (False, "staging", "us-central1", False)],
)
def test_backups_are_kept(tier: str, location: str, *, offsite: bool, locked: bool) -> None:
    """Offsite copies lie in two regions; only production's lock is for ever."""
    backups = {"schedule": "0 2 * * *", "keep": "720h", "offsite": offsite}
    context = _derive(recovery={"rto": "1h", "rpo": "24h", "backups": backups}, tier=tier)
    found = _read(context, "data")["backups"]
    assert (found["location"], found["locked"], found["days"], found["writers"]) == (location, locked, 30, [])


def test_maintenance_is_on_saturdays_where_nothing_freezes() -> None:
    """GKE has a window in any case, or it would change machines when it likes."""
    assert _read(_derive(), "cluster")["maintenance"] == {
        "start": "2026-01-03T00:00:00Z",
        "end": "2026-01-04T00:00:00Z",
        "recurrence": "FREQ=WEEKLY;BYDAY=SA",
        "exclusions": {},
    }


def test_ci_is_trusted_as_the_spec_says() -> None:
    """Whoever plans is another than who applies, each trusted by its own subjects."""
    said = {"plan": ["project_path:shop/config:ref_type:branch:ref:*"], "apply": ["b", "a"]}
    context = _derive(ci={"systems": ["gitlab"], "oidc": OIDC | said})
    assert _read_call(context, "bootstrap", "iowa_trust") == {
        "account": "shop-prod",
        "pool": "ci-shop-test",
        "issuer": OIDC["issuer"],
        "subjects": {"plan": said["plan"], "apply": ["a", "b"], "push": []},
        "planner": "shop-test-ci-plan",
        "applier": "shop-test-ci-apply",
        "buckets": ["shop-tfstate"],
    }
    assert "iowa_trust" not in _derive()["terraform"]["bootstrap"]["variables"]


def test_what_a_project_has_once_is_made_once() -> None:
    """The zone, the registry and the audit are the owner's; a budget is each environment's."""
    sections: dict[str, Any] = {
        "dns": DNS,
        "ci": {"systems": ["gitlab"], "registry": "us-central1-docker.pkg.dev/shop-prod/images/web", "oidc": OIDC},
        "cost": {"monthlyBudget": 100, "alertAt": ["50%"]},
    }
    owner = _read_call(_derive(**sections), "shared", "iowa_shared")
    assert owner["zone"] == {"name": "shop-example-com", "domain": "shop.example.com"}
    assert (owner["registry"]["location"], owner["registry"]["repository"]) == ("us-central1", "images")
    assert owner["registry"]["publisher"]["id"] == "shop-test-ci-push"
    assert _read_call(_derive(**sections), "bootstrap", "iowa_trust")["subjects"]["push"] == OIDC["subjects"]
    guest = _derive(**sections, terraform={"version": "1.11", "ownsAccounts": False})
    assert _read_call(guest, "shared", "iowa_shared") == {
        "account": "shop-prod",
        "audited": False,
        "zone": None,
        "registry": None,
        "budget": {"name": "shop-test", "currency": "USD", "amount": 100, "thresholds": [0.5]},
    }
    assert _read(guest, "cluster")["registry"] == {
        "account": "shop-prod",
        "location": "us-central1",
        "repository": "images",
    }


def test_a_project_without_wishes_has_no_shared_root() -> None:
    """Nothing to make is no root module."""
    assert "shared" not in _derive(terraform={"version": "1.11", "ownsAccounts": False})["terraform"]


LIMITS = {
    "name_cluster": r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?",
    "name_node_account": r"[a-z][-a-z0-9]{4,28}[a-z0-9]",
    "name_identity_pool": r"(?!gcp-)[a-z][-a-z0-9]{2,30}[a-z0-9]",
}


@pytest.mark.parametrize(
    ("project", "environment", "cluster"), [("a", "b", "c"), ("p" * 30, "e" * 20, "c" * 30), ("gcp-x", "y-z", "google")]
)
def test_names_fit_whatever_the_spec_admits(project: str, environment: str, cluster: str) -> None:
    """The shortest, the longest and the oddest names are within Google's limits, and no two are one."""
    loaded = load_spec({"web": {"pool": "general"}}, project=project, environment=environment, clusters={cluster: IOWA})
    site = Site(loaded.environment, cluster, loaded.services[cluster], loaded.files, loaded.tables)
    for function, pattern in LIMITS.items():
        assert re.fullmatch(pattern, getattr(gcp_names, function)(site)), function
    accounts = [gcp_names.name_ci_account(site, use) for use in gcp_names.CI_USES]
    assert all(re.fullmatch(LIMITS["name_node_account"], account) for account in accounts)
    assert len({*accounts, gcp_names.name_node_account(site)}) == 4
    assert re.fullmatch(r"(?!goog)(?!.*google)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]", gcp_names.name_bucket(site, "backups"))
    assert len(gcp_names.name_cache(site, "s" * 50)) <= 40
    assert len(f"{'a' * 30}:{gcp_names.name_database(site, 's' * 50)}") <= 98
    assert len(gcp_names.name_key_ring("b" * 63)) <= 63
    assert re.fullmatch(r"[a-z][-a-z0-9]{0,62}", gcp_names.name_zone("3com." + "d" * 63 + ".example.com"))


def test_an_account_of_a_project_in_a_domain_is_written_backwards() -> None:
    """`example.com:shop-prod` has accounts at shop-prod.example.com.iam.gserviceaccount.com."""
    loaded = load_spec({"web": {"pool": "general"}}, clusters=_vary(account="example.com:shop-prod"))
    site = Site(loaded.environment, "iowa", loaded.services["iowa"], loaded.files, loaded.tables)
    assert gcp_names.find_ci_account(site, "plan") == "shop-test-ci-plan@shop-prod.example.com.iam.gserviceaccount.com"
