"""Findings about what stands around the pods."""

import pytest

from hftgen.check import edges, stores
from hftgen.check.finding import Finding
from tests.unit.rules.tiny import DIGEST, Bench

WEB = f'image: "example.com/web:1{DIGEST}"'
POSTGRES = "engine: postgres, version: 16, placement: cluster, storage: 1Gi"
CALLER = "services: {web: {calls: [db], secrets: {P: {ref: db/c, key: p}}}}\nsecrets: {backend: aws-secrets-manager}\n"
STANDBY = "clusters: {two: {cloud: kind, role: standby}}\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Loads tiny environments."""
    return Bench(tmp_path_factory.mktemp("edges"))


def _words(findings: list[Finding]) -> str:
    """What the one finding says."""
    (finding,) = findings
    return finding.message


def test_what_a_policy_cannot_hold_is_said_once(bench: Bench) -> None:
    """HFT-X30: hosts, the API server, multicast and the plugin in one finding; in production alone."""
    text = (
        f"services: {{web: {{{WEB}, calls: [{{host: api.example.com}}, {{host: a.b.svc}}], venues: [v]}}, "
        f"lead: {{{WEB}, workload: stateful, instances: activePassive, replicas: 2}}}}\n"
        "clusters: {one: {network: {venues: {v: 192.0.2.0/24}}}}\n"
    )
    words = _words(list(edges.find_loose_edges(bench.load(text, tier="production"))))
    for part in ("web to api.example.com", "6443", "lead", "Multicast", "web unicast", "enableNetworkPolicy"):
        assert part in words
    assert "a.b.svc" not in words
    assert list(edges.find_loose_edges(bench.load(text))) == []


def test_nothing_loose(bench: Bench) -> None:
    """HFT-X30: with Terraform, which switches policies on, a plain service has nothing to say."""
    text = (
        f"services: {{web: {{{WEB}}}}}\nterraform: {{version: 1.11}}\n"
        "clusters: {one: {account: '111122223333', state: {bucket: demo-tfstate}, network: {vpc: 10.0.0.0/16}}}\n"
    )
    assert list(edges.find_loose_edges(bench.load(text, tier="production"))) == []


def test_certificates_that_nobody_makes(bench: Bench) -> None:
    """HFT-X31: named once, with the Secret and its namespace; nothing is said of what ACM keeps."""
    text = "services: {web: {ports: {http: 80}, expose: {host: a.example.com, via: %s}}}\n"
    gateway = "addons: {gateway: {version: 1.31.1}, cert-manager: {version: 1.21.2}}\n"
    words = _words(list(edges.find_missing_certificates(bench.load(text % "gateway" + gateway))))
    assert "istio-system/demo-case" in words
    assert "a.example.com" in words
    dns = "dns: {provider: aws, zone: example.com, account: '111122223333'}\n"
    assert list(edges.find_missing_certificates(bench.load(text % "gateway" + gateway + dns))) == []
    assert list(edges.find_missing_certificates(bench.load(text % "ingress"))) == []


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ("{backend: aws-secrets-manager, account: '111122223333'}", ""),
        ("{backend: aws-secrets-manager}", "no cluster of aws"),
        ("{backend: gcp-secret-manager}", "no cluster of gcp"),
        ("{backend: gcp-secret-manager, account: project-1}", "clusters only"),
        ("{backend: azure-key-vault}", "identity.azure and tenant"),
        ('{backend: vault, vault: {address: "https://vault.example.com"}}', ""),
    ],
)
def test_a_login_that_fails(bench: Bench, secrets: str, words: str) -> None:
    """HFT-X35: a backend of another cloud, or one whose identity is known only after it was made."""
    found = list(edges.find_failing_logins(bench.load(f"secrets: {secrets}")))
    assert words in _words(found) if words else found == []


def test_an_image_that_moves(bench: Bench) -> None:
    """HFT-X32: in production; with an image of its own the rule about digests takes over."""
    web = f"services: {{web: {{{WEB}}}}}\n"
    text = f"datastores: {{db: {{{POSTGRES}}}}}\n"
    assert "tag" in _words(list(stores.find_moving_images(bench.load(web + text, tier="production"))))
    assert list(stores.find_moving_images(bench.load(text))) == []
    pinned = text.replace("storage", f'image: "example.com/pg:16.9{DIGEST}", storage')
    assert list(stores.find_moving_images(bench.load(web + pinned, tier="production"))) == []


def test_a_standby_without_its_data(bench: Bench) -> None:
    """HFT-X33: unless the database follows, or nothing is kept anyway."""
    text = f"datastores: {{db: {{{POSTGRES}}}}}\n" + CALLER + STANDBY
    assert "absent" in _words(list(stores.find_absent_copies(bench.load(text))))
    follows = "recovery: {rto: 1h, rpo: 1m, replication: continuous}\ndns: {provider: aws, zone: example.com}\n"
    assert list(stores.find_absent_copies(bench.load(text + follows))) == []
    redis = "datastores: {db: {engine: redis, version: 7, placement: cluster%s}}\n" + CALLER + STANDBY + follows
    assert list(stores.find_absent_copies(bench.load(redis % ""))) == []
    assert "absent" in _words(list(stores.find_absent_copies(bench.load(redis % ", storage: 1Gi"))))


def test_an_address_that_nobody_knows(bench: Bench) -> None:
    """HFT-X34: a managed datastore has a name in the zone, or one that the spec says."""
    text = "datastores: {db: {engine: postgres, version: 16, placement: managed, storage: 1Gi%s}}\n" + CALLER
    assert "on one" in _words(list(stores.find_unknown_addresses(bench.load(text % ""))))
    said = ", addresses: {one: db.example.com}"
    assert list(stores.find_unknown_addresses(bench.load(text % said))) == []
    zone = "dns: {provider: aws, zone: example.com}\n"
    assert list(stores.find_unknown_addresses(bench.load(text % "" + zone))) == []
