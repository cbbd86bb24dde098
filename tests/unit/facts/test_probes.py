"""Probes."""

from typing import Any

import pytest

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
    """The checks of a start, two seconds apart, cover the budget, by the handler of `live`."""
    startup = describe_probes({"ready": "/r", "live": "/l", "startup": "61s"}, {"http": 1})["startup"]
    assert startup == {"http": "/l", "port": "http", "period": 2, "failures": 31}


def test_no_field_repeats_a_default() -> None:
    """Times that the spec does not say are Kubernetes'."""
    said = {"http": "/r", "delay": "10s", "failures": 2}
    assert describe_probes({"ready": said}, {"http": 1})["ready"] == {
        "http": "/r",
        "port": "http",
        "delay": 10,
        "failures": 2,
    }


@pytest.mark.parametrize(
    ("live", "times"),
    [
        ("/live", {"period": 10, "timeout": 5, "failures": 6}),
        ({"http": "/live", "period": "20s"}, {"period": 20, "timeout": 5, "failures": 3}),
        ({"http": "/live", "period": "7s", "timeout": "2s"}, {"period": 7, "timeout": 2, "failures": 9}),
        ({"http": "/live", "failures": 4}, {"period": 10, "timeout": 5, "failures": 4}),
    ],
)
def test_what_trades_is_restarted_after_a_minute(live: Any, times: dict[str, int]) -> None:
    """What the spec leaves out is filled in so that a minute passes; what it says stays."""
    service = {"latency": "tick-to-trade", "cpu": 2, "memory": "1Gi", "ports": {"http": 1}}
    records = describe_app({**service, "probes": {"ready": "/r", "live": live}})
    found = find(records, "Deployment")["pod"]["containers"][0]["probes"]
    assert {key: found["live"][key] for key in times} == times
    assert found["ready"] == {"http": "/r", "port": "http"}
