"""Probes of a container: whom they ask, and when."""

import math
from collections.abc import Mapping
from typing import Any

from hftgen.facts.record import Facts
from hftgen.spec.ports import PortSpec
from hftgen.spec.probe import Budget, GrpcProbe, HttpProbe, Probes, TcpProbe

# A start is asked about often, so that a quick one is not kept waiting.
STARTUP_PERIOD = 2


def describe_probes(probes: Probes, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    """`{ready, live, startup}`, those that there are; `default` is the port of HTTP probes that name none."""
    asked = {"ready": probes.ready, "live": probes.live}
    found = {kind: _describe_probe(probe, ports, default) for kind, probe in asked.items() if probe is not None}
    if probes.startup is not None:
        found["startup"] = _describe_startup(probes, ports, default)
    return found


def _describe_startup(probes: Probes, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    startup = probes.startup
    if not isinstance(startup, Budget):
        return _describe_probe(startup, ports, default)
    times = {"period": STARTUP_PERIOD, "failures": math.ceil(startup.budget.seconds / STARTUP_PERIOD)}
    return _describe_handler(probes.ready or probes.live, ports, default) | times


def _describe_probe(probe: Any, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    times = {name: getattr(probe, name) for name in ("delay", "period", "timeout")}
    said: Facts = {name: value.seconds for name, value in times.items() if value is not None}
    if probe.failures is not None:
        said["failures"] = probe.failures
    return _describe_handler(probe, ports, default) | said


def _describe_handler(probe: Any, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    if isinstance(probe, HttpProbe):
        headers = [{"name": str(name), "value": str(value)} for name, value in sorted(probe.headers.items())]
        facts: Facts = {"http": str(probe.http), "port": str(probe.port or default)}
        if probe.scheme != "HTTP":
            facts["scheme"] = probe.scheme
        return facts | ({"headers": headers} if headers else {})
    if isinstance(probe, GrpcProbe):
        # The API takes no name here.
        service = {} if probe.service is None else {"service": str(probe.service)}
        return {"grpc": ports[probe.grpc].target, **service}
    if isinstance(probe, TcpProbe):
        return {"tcp": str(probe.tcp)}
    return {"exec": [str(part) for part in probe.exec]}
