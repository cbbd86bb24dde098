"""Probes."""

from typing import Any

from tests.unit.facts.sites import describe_app, find


def describe_probes(probes: dict[str, Any], ports: dict[str, Any]) -> Any:
    """The probes of a service with these ports."""
    container = find(describe_app({"probes": probes, "ports": ports}), "Deployment")["pod"]["containers"][0]
    return container["probes"]


def test_a_probe_without_a_port_asks_http() -> None:
    """Or the only port that is not for metrics."""
    assert describe_probes({"ready": "/r"}, {"http": 1, "other": 2, "metrics": 3})["ready"] == {
        "http": "/r",
        "port": "http",
    }
    assert describe_probes({"ready": "/r"}, {"other": 2, "metrics": 3})["ready"]["port"] == "other"


def test_grpc_is_asked_by_the_containers_number() -> None:
    """The API takes no name there, and not the Service's number."""
    assert describe_probes({"live": {"grpc": "grpc"}}, {"grpc": {"port": 80, "target": 7070}})["live"] == {"grpc": 7070}


def test_a_start_may_take_as_long_as_said() -> None:
    """The checks of a start, two seconds apart, cover the budget, by the handler of `ready`."""
    startup = describe_probes({"ready": "/r", "live": "/l", "startup": "61s"}, {"http": 1})["startup"]
    assert startup == {"http": "/r", "port": "http", "period": 2, "failures": 31}


def test_no_field_repeats_a_default() -> None:
    """Times that the spec does not say are Kubernetes'."""
    said = {"http": "/r", "delay": "10s", "failures": 2}
    assert describe_probes({"ready": said}, {"http": 1})["ready"] == {
        "http": "/r",
        "port": "http",
        "delay": 10,
        "failures": 2,
    }
