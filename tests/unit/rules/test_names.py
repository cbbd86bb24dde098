"""The rules of names, images and exposed hosts."""

import pytest

from tests.unit.rules.tiny import DIGEST, Bench

TEST = (
    "release: {{strategy: abTest, until: 2030-01-01, metric: {{query: q, better: higher, minSamples: 1}}, "
    "variants: {{{}: {{image: 'v:1', weight: 10}}}}}}"
)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ("", "web-canary"),
        ("", "web-preview"),
        ("workload: stateful, instances: single", "web-0"),
        ("workload: stateful, instances: single", "web-12"),
        ("workload: stateful, instances: single", "web-headless"),
        ("ports: {http: 80}, expose: {via: loadBalancer}", "web-public"),
        (TEST.format("blue"), "web-blue"),
        ("workload: stateful, instances: sharded", "web-shards"),
        ("init: [{name: load, image: x}]", "web-load"),
        ("sidecars: {proxy: {image: x}}", "web-proxy"),
    ],
)
def test_derived_names_are_taken(bench: Bench, fields: str, name: str) -> None:
    """We make objects of these names ourselves; for a datastore too."""
    text = f"services: {{web: {{{fields}}}, {name}: {{image: x}}}}"
    assert "we give this name to" in bench.only(text, f"services.{name}").message
    store = f"{name}: {{engine: x, version: 1, placement: external, address: a}}"
    store = f"services: {{web: {{{fields}}}}}\ndatastores: {{{store}}}"
    assert bench.paths(store) == [f"datastores.{name}"]


def test_what_is_not_derived_is_free(bench: Bench) -> None:
    """A stateless service has no ordinals, and no headless Service."""
    assert bench.problems("services: {web-0: {image: x}, web-headless: {image: x}, web-blue: {image: x}}") == ()


def test_a_database_has_endpoints(bench: Bench) -> None:
    """CloudNativePG calls them -rw, -ro and -r; its credentials are a Secret of ours."""
    text = "datastores: {db: {engine: postgres, version: 16, placement: cluster, storage: 1Gi}}\n"
    text += "services: {db-rw: {image: x}, db-credentials: {image: x}}"
    assert set(bench.paths(text)) == {"services.db-credentials", "services.db-rw"}


def test_a_variants_workload_has_room_for_suffixes(bench: Bench) -> None:
    """Service and variant together: 52 characters."""
    long = "b" * 48
    assert bench.problems(f"services: {{web: {{{TEST.format(long)}}}}}") == ()
    longer = bench.only(f"services: {{web: {{{TEST.format(long + 'b')}}}}}", f"services.web.release.variants.{long}b")
    assert longer.found == "53 characters"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ("", "image"),
        ("init: [{name: i, image: 'i:1'}]", "init[0].image"),
        ("sidecars: {s: {image: 's:1'}}", "sidecars.s.image"),
        (TEST.format("blue"), "release.variants.blue.image"),
        ("clusters: {one: {image: 'other:1'}}", "clusters.one.image"),
    ],
)
def test_production_runs_digests(bench: Bench, fields: str, path: str) -> None:
    """Every image there is: init and sidecar containers', variants' and those of one cluster. Staging may use tags."""
    image = "image: 'web:1'" if path == "image" else f"image: 'web:1{DIGEST}'"
    text = f"services: {{web: {{{image}, {fields}}}}}"
    problem = bench.only(text, f"services.web.{path}", tier="production")
    assert problem.expected.endswith("@sha256:<64 hexadecimal digits>")
    assert bench.problems(text) == ()


def test_production_datastores_run_digests(bench: Bench) -> None:
    """An image that a datastore names is no exception."""
    store = "datastores: {{db: {{engine: redis, version: 7, placement: cluster, image: 'redis:7{}'}}}}\n"
    web = f"services: {{web: {{image: 'web:1{DIGEST}'}}}}"
    assert bench.only(store.format("") + web, "datastores.db.image", tier="production").found == "redis:7"
    assert bench.problems(store.format(DIGEST) + web, tier="production") == ()


def test_one_host_is_exposed_once(bench: Bench) -> None:
    """Two routes of one host would take each other's requests; load balancers without a host do not."""
    expose = "{{image: x, ports: {{http: 80}}, expose: {}}}"
    twice = ", ".join(f"{name}: {expose.format('{host: a.example.com}')}" for name in ("a", "b"))
    assert bench.only(f"services: {{{twice}}}", "services.b.expose.host").message == "a exposes this host too"
    balancers = ", ".join(f"{name}: {expose.format('{via: loadBalancer}')}" for name in ("a", "b"))
    assert bench.problems(f"services: {{{balancers}}}") == ()
