"""Edges of the network policy."""

from tests.unit.rules.tiny import Bench

OTHER = "other: {image: x, ports: {grpc: 7070, metrics: 9090}}"


def _calls(calls: str, fields: str = "") -> str:
    return f"services: {{web: {{calls: {calls}, {fields}}}, {OTHER}}}"


def test_calls_of_what_exists_are_right(bench: Bench) -> None:
    """By name, by port, and of addresses outside."""
    assert (
        bench.problems(_calls("[other, {service: other, port: metrics}, {host: example.com}, {cidr: 192.0.2.0/24}]"))
        == ()
    )


def test_the_nearest_name_is_said(bench: Bench) -> None:
    """Services and datastores share one name space."""
    problem = bench.only(_calls("[othr]"), "services.web.calls[0]")
    assert (problem.found, problem.hint) == ("othr", "did you mean other?")


def test_a_stateful_service_does_not_call_itself(bench: Bench) -> None:
    """Its own pods reach each other anyway."""
    kept = "workload: stateful, instances: sharded, ports: {http: 80}"
    assert bench.only(_calls("[web]", kept), "services.web.calls[0]").found == "web"


def test_a_stateless_service_may_call_itself(bench: Bench) -> None:
    """A cache that its pods share: the port is one of its own."""
    assert bench.problems(_calls("[{service: web, port: gossip}]", "ports: {gossip: 7946}")) == ()
    assert bench.only(_calls("[{service: web, port: x}]", "ports: {gossip: 7946}"), "services.web.calls[0]")


def test_a_called_port_exists(bench: Bench) -> None:
    """And there is one to call at all."""
    assert bench.only(_calls("[{service: other, port: http}]"), "services.web.calls[0]").expected == "grpc, metrics"
    silent = "services: {web: {calls: [job]}, job: {image: x, ports: {metrics: 9090}}}"
    assert bench.only(silent, "services.web.calls[0]").message == "job has no port that could be called"


def test_a_called_service_is_nearby(bench: Bench) -> None:
    """On each cluster of its caller."""
    two = "clusters: {two: {cloud: gcp}}\n"
    problem = bench.only(
        two + _calls("[other]").replace("{image: x,", "{image: x, clusters: {one: {}},"), "services.web.calls[0]"
    )
    assert "other does not run on cluster two" in problem.message


def test_a_datastore_wants_a_credential(bench: Bench) -> None:
    """A secret whose ref lies below its name: the name alone, or as a prefix of another, is none."""
    store = "datastores: {db: {engine: postgres, version: 16, placement: external, address: db}}\n"
    good = _calls("[db]", "secrets: {P: {ref: db/credentials, key: password}}")
    assert bench.problems(store + good) == ()
    for ref in ("db", "dbx/credentials", "x/db/credentials"):
        text = store + _calls("[db]", f"secrets: {{P: {{ref: {ref}, key: password}}}}")
        assert "holds no credential" in bench.only(text, "services.web.calls[0]").message
    assert (
        "one port"
        in bench.only(
            store + _calls("[{service: db, port: pg}]", "secrets: {P: {ref: db/c, key: p}}"), "services.web.calls[0]"
        ).message
    )
