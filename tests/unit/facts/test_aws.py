"""What the AWS modules are told: names within AWS' limits, networks that stay where they are, roles made once."""

import ipaddress
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive, list_sites
from hftgen.facts.site import Site
from hftgen.facts.terraform.aws_cluster import derive_cluster
from hftgen.facts.terraform.aws_data import derive_data
from hftgen.facts.terraform.aws_names import name_bucket, name_cluster, name_prefix, name_store
from hftgen.facts.terraform.aws_network import derive_network
from hftgen.facts.terraform.common import Surroundings
from tests.unit.facts.sites import IMAGE, load_spec

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
MODULES = Path(__file__).resolve().parents[3] / "templates" / "terraform" / "modules" / "aws"
DATABASE = {"engine": "postgres", "version": "16", "placement": "managed", "storage": "100Gi"}
DNS = {"provider": "aws", "zone": "shop.example.com"}
KEPT = {"schedule": "0 2 * * *", "keep": "720h"}
RECOVERY = {"rto": "1h", "rpo": "1m", "replication": "continuous", "backups": {**KEPT, "offsite": True}}


def make(number: int = 0, region: str = "us-east-1", **fields: Any) -> dict[str, Any]:
    """A cluster on AWS with a network of its own."""
    return {
        "cloud": "aws",
        "account": ACCOUNT,
        "region": region,
        "zones": [f"{region}a", f"{region}b"],
        "state": {"bucket": f"shop-tfstate-{number}"},
        "network": {"vpc": f"10.{number}.0.0/16", "pods": f"100.{64 + number}.0.0/16"},
        **fields,
    }


def load_sites(services: dict[str, Any] | None = None, **sections: Any) -> dict[str, Site]:
    """The sites of an environment that Terraform makes, by cluster."""
    loaded = load_spec(services or {"web": {"image": IMAGE}}, **{"terraform": {"version": "1.11"}, **sections})
    return {site.name: site for site in list_sites(loaded)}


def tell_cluster(sites: dict[str, Site], name: str) -> dict[str, Any]:
    """The variables of a cluster's module `cluster`."""
    return derive_cluster(sites[name], Surroundings(list(sites.values()), None))


def tell_data(sites: dict[str, Site], name: str) -> dict[str, Any]:
    """The variables of a cluster's module `data`."""
    return derive_data(sites[name], Surroundings(list(sites.values()), None))


def test_names_hold_for_the_longest_that_a_spec_can_say() -> None:
    """Within AWS' limits, and two clusters that begin alike have two names."""
    long: dict[str, Any] = {"project": "p" * 30, "environment": "e" * 20}
    sites = load_sites(clusters={f"{'c' * 29}{end}": make(number) for number, end in enumerate("ab")}, **long)
    one, two = sites.values()
    assert len(name_cluster(one)) <= 38
    assert len(f"{name_cluster(one)}-aws-ebs-csi-driver") <= 64
    assert len(name_bucket(one, "backups-offsite")) <= 63
    assert len(f"{name_prefix(one)}-ci-apply") <= 64  # modules/aws/trust
    assert name_cluster(one) != name_cluster(two)


def test_a_database_is_named_as_rds_likes() -> None:
    """No two hyphens in a row, no longer than its limit, and still one name for each."""
    site = load_sites(clusters={"a--b": make()})["a--b"]
    names = {name_store(site, store, 40) for store in ("db", "d--b", "d-b", "s" * 50)}
    assert len(names) == 4
    assert all(len(name) <= 40 and re.fullmatch(r"[a-z](-?[a-z0-9])*", name) for name in names)


def test_subnets_lie_apart_within_their_ranges() -> None:
    """No two overlap, and AWS makes each of them."""
    clusters = {"main": make() | {"zones": [f"us-east-1{letter}" for letter in "abcdef"]}}
    clusters["main"]["network"] = {"vpc": "10.0.0.0/22", "pods": "100.64.0.0/25"}
    zones = derive_network(load_sites(clusters=clusters)["main"])["zones"]
    subnets = [ipaddress.ip_network(cidr) for zone in zones.values() for cidr in zone.values()]
    assert len(subnets) == 24
    assert all(subnet.prefixlen <= 28 for subnet in subnets)
    assert not any(one.overlaps(two) for one, two in combinations(subnets, 2))
    homes = [ipaddress.ip_network("10.0.0.0/22"), ipaddress.ip_network("100.64.0.0/25")]
    assert all(any(subnet.subnet_of(home) for home in homes) for subnet in subnets)  # type: ignore[arg-type]


def test_a_zone_more_moves_no_other() -> None:
    """A subnet that moved would take its machines along."""
    few = derive_network(load_sites(clusters={"main": make()})["main"])["zones"]
    more = make() | {"zones": ["us-east-1c", "us-east-1b", "us-east-1a"]}
    many = derive_network(load_sites(clusters={"main": more})["main"])["zones"]
    assert {zone: many[zone] for zone in few} == few


def test_development_pays_for_one_way_out() -> None:
    """One NAT gateway, no endpoints; elsewhere each zone has its own."""
    small = derive_network(load_sites(clusters={"main": make()}, tier="development")["main"])
    large = derive_network(load_sites(clusters={"main": make()})["main"])
    assert (small["nat_zones"], small["endpoints"]) == (["us-east-1a"], [])
    assert large["nat_zones"] == ["us-east-1a", "us-east-1b"]
    assert "ecr.api" in large["endpoints"]


def test_private_networks_reach_the_private_endpoint() -> None:
    """AWS refuses private ranges in the public endpoint's list; documentation's ranges are no private ones."""
    access = {"cidrs": ["192.0.2.0/24", "10.99.0.0/16"], "admins": ["oncall", f"{ROLE}/desk"]}
    told = tell_cluster(load_sites(clusters={"main": make(access=access)}), "main")
    assert told["public_access_cidrs"] == ["192.0.2.0/24"]
    assert told["private_access_cidrs"] == ["10.99.0.0/16"]
    assert told["admins"] == {"oncall": f"{ROLE}/oncall", f"{ROLE}/desk": f"{ROLE}/desk"}


def test_second_threads_are_switched_off_where_ec2_can() -> None:
    """`smt: false` is an option of the CPU; a metal machine's kernel is told instead."""
    pools = {
        "cold": {"machine": "c7i.4xlarge", "smt": False, "min": 1, "max": 2},
        "bare": {"machine": "c7i.metal-24xl", "smt": False, "min": 1, "max": 2},
        "warm": {"machine": "c7i.4xlarge", "min": 1, "max": 2},
        "arms": {"machine": "c7g.4xlarge", "smt": False, "min": 1, "max": 2},
    }
    services = {"web": {"image": IMAGE, "pool": "cold"}}
    told = tell_cluster(load_sites(services, clusters={"main": make(pools=pools)}), "main")["node_pools"]
    assert {name: pool["cores"] for name, pool in told.items()} == {"cold": 8, "bare": None, "warm": None, "arms": None}
    assert "nosmt" not in (told["cold"]["image"] or "")
    assert told["bare"]["image"] is not None


def test_places_are_kept_where_machines_stand_together() -> None:
    """In a placement group and not in development; spot machines have no places."""
    pool = {"machine": "c7i.4xlarge", "min": 2, "max": 3, "placement": "cluster", "zones": ["us-east-1a"]}
    kept = tell_cluster(load_sites(clusters={"main": make(pools={"a": pool})}), "main")
    spot = tell_cluster(load_sites(clusters={"main": make(pools={"a": pool | {"spot": True}})}), "main")
    small = tell_cluster(load_sites(clusters={"main": make(pools={"a": pool})}, tier="development"), "main")
    assert [told["node_pools"]["a"]["reserve"] for told in (kept, spot, small)] == [True, False, False]


def test_a_role_is_made_once_and_trusts_all() -> None:
    """By the first cluster of the account by name, whoever is primary, as the manifests annotate service accounts."""
    services = {"web": {"image": IMAGE, "identity": {"aws": f"{ROLE}/teams/web"}}}
    clusters = {"a": make(0, role="standby"), "b": make(1, "us-west-2")}
    secrets = {"backend": "aws-secrets-manager"}
    sites = load_sites(services, clusters=clusters, secrets=secrets)
    first, second = tell_cluster(sites, "a"), tell_cluster(sites, "b")
    assert second["roles"] == {}
    assert first["siblings"] == {"shop-test-b": "us-west-2"}
    assert first["roles"]["web"] == {"path": "/teams/", "subjects": ["shop-test:web"], "statements": []}
    reader = first["roles"]["shop-test-secrets"]
    assert reader["subjects"] == ["shop-test:secret-reader"]
    assert reader["statements"][0]["resources"] == [f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:shop/test/*"]


def test_googles_clusters_are_trusted_too() -> None:
    """cert-manager on GKE proves hosts of a zone on Route 53; where no role is made nobody need be trusted."""
    google = {"cloud": "gcp", "account": "shop-prod", "region": "us-central1", "state": {"bucket": "shop-tfstate-gcp"}}
    google |= {"role": "standby", "network": {"vpc": "10.9.0.0/16"}}
    services = {"web": {"image": IMAGE, "identity": {"aws": f"{ROLE}/web"}}}
    told = tell_cluster(load_sites(services, clusters={"main": make(), "mid": google}), "main")
    path = "projects/shop-prod/locations/us-central1/clusters/shop-test-mid"
    assert told["issuers"] == [f"container.googleapis.com/v1/{path}"]
    bare = load_sites(clusters={"main": make(), "mid": google})
    assert tell_cluster(bare, "main")["issuers"] == []


def test_a_role_of_another_account_is_that_accounts() -> None:
    """Nobody makes it here."""
    services = {"web": {"image": IMAGE, "identity": {"aws": "arn:aws:iam::999900001111:role/web"}}}
    assert tell_cluster(load_sites(services, clusters={"main": make()}), "main")["roles"] == {}


def test_a_copy_follows_its_primary_and_a_failover_makes_it_one() -> None:
    """The standby's database names the primary's; with the roles changed it names nobody."""
    stores = {"orders": DATABASE}
    clusters = {"a": make(0), "b": make(1, "us-west-2", role="standby")}
    sites = load_sites(clusters=clusters, datastores=stores, recovery=RECOVERY, dns=DNS)
    arn = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:shop-test-a-orders"
    assert tell_data(sites, "a")["databases"]["orders"]["source_arn"] is None
    assert tell_data(sites, "b")["databases"]["orders"]["source_arn"] == arn
    clusters = {"a": make(0, role="standby"), "b": make(1, "us-west-2")}
    after = load_sites(clusters=clusters, datastores=stores, recovery=RECOVERY, dns=DNS)
    assert tell_data(after, "b")["databases"]["orders"]["source_arn"] is None
    assert (
        tell_data(after, "a")["secrets"]
        == tell_data(sites, "a")["secrets"]
        == {"orders": "shop/test/orders/credentials"}
    )


def test_without_replication_a_standby_has_no_database() -> None:
    """A second one that takes writes would be worse than none; a cache that keeps nothing does no harm."""
    stores = {"orders": DATABASE, "quotes": {"engine": "redis", "version": "7", "placement": "managed"}}
    clusters = {"a": make(0), "b": make(1, "us-west-2", role="standby")}
    told = tell_data(load_sites(clusters=clusters, datastores=stores, dns=DNS), "b")
    assert told["databases"] == {}
    assert told["caches"]["quotes"]["version"] == "7.1"
    assert told["caches"]["quotes"]["record"] == "quotes.b.test.shop.example.com"


@pytest.mark.parametrize(
    ("asked", "machine"),
    [
        ({}, "db.m7g.large"),
        ({"cpu": "2", "memory": "8Gi"}, "db.m7g.large"),
        ({"cpu": "2", "memory": "9Gi"}, "db.r7g.large"),
        ({"cpu": "3"}, "db.m7g.xlarge"),
        ({"machine": "db.r6g.large"}, "db.r6g.large"),
    ],
)
def test_a_database_is_as_large_as_it_must_be(asked: dict[str, Any], machine: str) -> None:
    """The smallest size with the CPUs and memory that are asked for, unless one is said."""
    sites = load_sites(clusters={"main": make()}, datastores={"orders": DATABASE | asked}, dns=DNS)
    assert tell_data(sites, "main")["databases"]["orders"]["machine"] == machine


def test_copies_go_to_another_region() -> None:
    """That of another cluster, else the partner of one's own in the same country, else nowhere."""
    alone = load_sites(clusters={"main": make()}, recovery=RECOVERY)
    both = load_sites(clusters={"a": make(0), "b": make(1, "eu-west-1")}, recovery=RECOVERY)
    london = load_sites(clusters={"main": make(0, "eu-west-2")}, recovery=RECOVERY)
    assert tell_data(alone, "main")["backups"]["offsite"]["region"] == "us-west-2"
    assert tell_data(both, "a")["backups"]["offsite"]["region"] == "eu-west-1"
    assert tell_data(london, "main")["backups"]["offsite"] is None
    assert tell_data(alone, "main")["backups"]["lock_days"] == 30


def test_ci_is_trusted_where_it_says_who_it_is() -> None:
    """Each role has its own subjects, or else those who push; they push where the registry is this account's."""
    oidc = {"issuer": "https://gitlab.example.com", "subjects": ["push"], "apply": ["apply"]}
    registry = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/shop"
    services = {"web": {"image": f"{registry}/web:v1@sha256:{'0' * 64}"}}
    sections = {"clusters": {"main": make()}, "ci": {"systems": ["gitlab"], "oidc": oidc, "registry": registry}}
    roots = derive(load_spec(services, terraform={"version": "1.11"}, **sections), Calendars())["terraform"]
    trust, shared = (
        roots[root]["variables"][f"main_{module}"] for root, module in (("bootstrap", "trust"), ("shared",) * 2)
    )
    subjects = {verb: trust["oidc"][f"{verb}_subjects"] for verb in ("plan", "apply", "push")}
    assert subjects == {"plan": ["push"], "apply": ["apply"], "push": ["push"]}
    assert trust["repositories"] == {"prefix": "shop", "region": "us-east-1"}
    assert shared["repositories"]["names"] == ["shop/ci-tools", "shop/web"]
    bare = derive(load_spec(services, terraform={"version": "1.11"}, clusters={"main": make()}), Calendars())
    assert "main_trust" not in bare["terraform"]["bootstrap"]["variables"]


def test_a_guest_makes_nothing_that_an_account_has_once() -> None:
    """Where another environment owns the account: neither provider nor zone."""
    oidc = {"issuer": "https://gitlab.example.com", "subjects": ["s"]}
    sections = {"clusters": {"main": make()}, "dns": DNS, "ci": {"systems": ["gitlab"], "oidc": oidc}}
    guest = {"version": "1.11", "ownsAccounts": False}
    roots = derive(load_spec({"web": {}}, terraform=guest, **sections), Calendars())["terraform"]
    assert roots["bootstrap"]["variables"]["main_trust"]["oidc"]["create"] is False
    assert roots["shared"]["variables"]["main_shared"]["zone"] is None


def test_the_module_knows_every_field_of_a_kubelet() -> None:
    """Terraform drops a field of an object that its type does not name, without a word."""
    pool = {"machine": "c7i.metal-24xl", "min": 3, "max": 4, "zones": ["us-east-1a"], "pinning": "static"}
    pool |= {"reserved": "0-1,48-49", "hugepages": {"1Gi": "32Gi"}}
    services = {"web": {"image": IMAGE, "pool": "a", "sysctls": {"net.core.somaxconn": "4096"}}}
    security = {"podSecurity": "privileged"}
    told = tell_cluster(load_sites(services, clusters={"main": make(pools={"a": pool})}, security=security), "main")
    declared = (MODULES / "cluster" / "variables.tf").read_text(encoding="utf-8")
    fields = told["node_pools"]["a"]["kubelet"]
    assert len(fields) > 8
    assert [field for field in fields if f"      {field} " not in declared] == []
