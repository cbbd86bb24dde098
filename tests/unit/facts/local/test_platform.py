"""The platform on one machine: who is reached where, who waits for whom, what nobody's name takes away."""

from typing import Any

import pytest

from hftgen.facts.local.platform import derive_local
from tests.unit.facts.sites import VAULT, make_site

HTTP = {"http": 8080, "metrics": 9090}
POSTGRES = {"engine": "postgres", "version": "16", "placement": "cluster", "storage": "1Gi"}


def derive(services: dict[str, Any], **sections: Any) -> Any:
    """The facts of such an environment."""
    return derive_local(make_site(services, secrets=VAULT, **sections))


def publish(services: dict[str, Any], **sections: Any) -> dict[str, list[int]]:
    """The ports of this machine by service."""
    ports = derive(services, **sections)["ports"]
    return {name: [port["published"] for port in found] for name, found in ports.items()}


def test_the_engine_has_the_handbooks_port() -> None:
    """Whoever trades chooses first, and the others give way."""
    engine = {"workload": "stateful", "instances": "single", "ports": HTTP}
    found = publish(
        {"a-gateway": {"ports": HTTP, "latency": "low", "cpu": 1, "memory": "1Gi", "replicas": 2}, "engine": engine}
    )
    assert found == {"a-gateway": [8081], "engine": [8080]}


def test_no_two_listen_on_one_port() -> None:
    """Prometheus and Grafana keep theirs; below 1024 only root may listen."""
    services = {f"s{n}": {"ports": {"http": port}} for n, port in enumerate([3000, 9091, 80, 8080, 65535, 65535])}
    found = [port for ports in publish(services, datastores={"database": POSTGRES}).values() for port in ports]
    assert len(set(found)) == len(found)
    assert not {3000, 9091} & set(found)
    assert min(found) >= 1024
    assert max(found) <= 65535


def test_udp_and_tcp_share_a_number() -> None:
    """They are ports of their own."""
    ports = {"feed": {"port": 7000, "protocol": "UDP"}, "http": 7000}
    assert publish({"app": {"ports": ports}}) == {"app": [7000, 7000]}


def test_metrics_beside_pages_hide_no_port() -> None:
    """Many a service answers scrapes and people on one port; one for scrapes alone nobody calls."""
    metrics = {"port": "http", "path": "/actuator/prometheus"}
    assert publish({"app": {"ports": {"grpc": 7070, "http": 8080}, "metrics": metrics}}) == {"app": [7070, 8080]}
    assert publish({"app": {"ports": HTTP}}) == {"app": [8080]}


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ({"a": ["b"], "b": []}, {"a": ["b"], "b": []}),
        ({"a": ["b"], "b": ["a"]}, {"b": [], "a": ["b"]}),
        ({"a": ["b"], "b": ["c"], "c": ["a", "b"]}, {"c": [], "b": ["c"], "a": ["b"]}),
        ({"a": ["database"]}, {"a": ["database"]}),
    ],
)
def test_nobody_waits_for_himself(calls: dict[str, list[str]], expected: dict[str, list[str]]) -> None:
    """Compose refuses a ring: of each, one call is left out and the rest kept."""
    secret = {"PASSWORD": {"ref": "database/credentials", "key": "password"}}
    services = {name: {"ports": HTTP, "calls": called, "secrets": secret} for name, called in calls.items()}
    assert derive(services, datastores={"database": POSTGRES})["waits"] == expected


def test_a_long_chain_is_no_matter() -> None:
    """A thousand services that call each other in a row."""
    services = {f"s{n}": {"ports": HTTP, "calls": [f"s{n + 1}"] if n < 1500 else []} for n in range(1501)}
    assert derive(services)["waits"]["s0"] == ["s1"]


def test_nobody_waits_for_what_may_not_run() -> None:
    """Jobs start only when they are asked for."""
    job = {"workload": "job", "ports": HTTP}
    assert derive({"app": {"calls": ["load"]}, "load": job})["waits"]["app"] == []


def test_names_are_given_once() -> None:
    """A service may be called as Prometheus is, or as another's gate."""
    found = derive({"app": {"ports": HTTP, "probes": {"ready": "/"}}, "app-ready": {}, "prometheus": {}})
    assert found["companions"]["app"]["gate"] == "app-ready-x"
    assert found["monitoring"]["names"] == {"prometheus": "prometheus-x", "grafana": "grafana"}


def test_what_is_kept_has_a_name_of_its_own() -> None:
    """`a` with `b-c` and `a-b` with `c` share neither a volume nor a file, and nobody has Prometheus' volume."""
    claim = {"path": "/data", "size": "1Gi"}
    found = derive(
        {
            "a": {"files": {"b-c": "1"}, "volumes": {"b-c": claim}},
            "a-b": {"files": {"c": "2"}, "volumes": {"c": claim}},
            "prometheus": {"volumes": {"data": claim}},
        }
    )
    services, volume = found["services"], found["monitoring"]["volume"]
    assert [services[name]["files"][0]["name"] for name in ("a", "a-b")] == ["a-b-c", "a-b-c-x"]
    names = [services[name]["volumes"][0]["volume"] for name in ("a", "a-b", "prometheus")]
    assert names == ["a-b-c", "a-b-c-x", "prometheus-data-x"]
    assert volume == "prometheus-data"


def test_a_shared_folder_is_no_memory_of_one_container() -> None:
    """What an init container leaves there the service finds."""
    init = [{"name": "fetch", "image": "busybox:1.37.0", "mounts": {"rules": "/rules"}}]
    empty = {key: {"path": f"/{key}", "emptyDir": "disk"} for key in ("rules", "scratch")}
    volumes = derive({"app": {"init": init, "volumes": empty}})["services"]["app"]["volumes"]
    assert volumes == [
        {"key": "rules", "path": "/rules", "volume": "app-rules"},
        {"key": "scratch", "path": "/scratch"},
    ]


def test_a_database_is_asked_where_services_ask() -> None:
    """While PostgreSQL's image makes the database another server answers on the socket."""
    test = derive({"app": {}}, datastores={"database": POSTGRES})["datastores"]["database"]["test"]
    assert test[:4] == ["CMD", "pg_isready", "-h", "127.0.0.1"]


@pytest.mark.parametrize(
    ("probe", "test"),
    [
        ("/ready", ["wget", "-q", "-T", "2", "-O", "/dev/null", "http://127.0.0.1:8080/ready"]),
        (
            {"http": "/r", "headers": {"A": "b"}},
            ["wget", "-q", "-T", "2", "-O", "/dev/null", "--header", "A: b", "http://127.0.0.1:8080/r"],
        ),
        ({"tcp": "metrics"}, ["nc", "-z", "-w", "2", "127.0.0.1", "9090"]),
        ({"grpc": "http"}, ["nc", "-z", "-w", "2", "127.0.0.1", "8080"]),
        ({"http": "/", "scheme": "HTTPS"}, ["nc", "-z", "-w", "2", "127.0.0.1", "8080"]),
        ({"exec": ["/bin/ok"]}, ["/bin/ok"]),
        ({"exec": ["/bin/ok", "$HOME"]}, ["/bin/ok", "$$HOME"]),
    ],
)
def test_a_gate_asks_what_the_probe_asks(probe: Any, test: list[str]) -> None:
    """By HTTP where busybox can, else whether the port is open; an exec probe needs the service's own image."""
    gate = derive({"app": {"ports": HTTP, "probes": {"ready": probe}}})["services"]["app"]["gate"]
    assert gate["test"] == ["CMD", *test]
    assert gate["own"] == ("exec" in probe)


def test_no_secret_has_a_value() -> None:
    """Datastores and services ask for the same variable."""
    secret = {"PASSWORD": {"ref": "database/credentials", "key": "password"}}
    found = derive({"app": {"secrets": secret}}, datastores={"database": POSTGRES})
    asked = "${DATABASE_CREDENTIALS_PASSWORD:?is missing in .env, see .env.example}"
    assert found["services"]["app"]["variables"]["PASSWORD"] == asked
    assert found["datastores"]["database"]["variables"]["POSTGRES_PASSWORD"] == asked
    assert found["passwords"] == ["DATABASE_CREDENTIALS_PASSWORD", "GRAFANA_PASSWORD"]
