"""Probes of a container: whom they ask, and when."""

import math
from collections.abc import Mapping
from typing import Any

from hftgen.facts.record import Facts
from hftgen.spec.ports import PortSpec, find_listener
from hftgen.spec.probe import Budget, GrpcProbe, HttpProbe, Probes, TcpProbe

# A start is asked about often, so that a quick one is not kept waiting.
STARTUP_PERIOD = 2

# What Kubernetes does where a probe does not say.
PERIOD, FAILURES = 10, 3

# A pod that trades is restarted after a minute without an answer, unless the spec says. An answer may take as long as
# a burst of the market does: the thread that gives it is not the one that trades.
PATIENT_SECONDS, PATIENT_TIMEOUT = 60, 5


def describe_probes(
    probes: Probes, ports: Mapping[str, PortSpec], default: str | None, *, patient: bool = False
) -> Facts:
    """`{ready, live, startup}`, those that there are; `default` is the port of HTTP probes that name none.

    With `patient` a restart takes a long silence.
    """
    asked = {"ready": probes.ready, "live": probes.live}
    found = {kind: _describe_probe(probe, ports, default) for kind, probe in asked.items() if probe is not None}
    if patient and probes.live is not None:
        found["live"] = _wait_longer(found["live"])
    if probes.startup is not None:
        found["startup"] = _describe_startup(probes, ports, default)
    return found


def _wait_longer(live: Facts) -> Facts:
    """The times that the spec leaves out, so that they are long together."""
    period = live.get("period", PERIOD)
    times = {"period": period, "timeout": PATIENT_TIMEOUT, "failures": math.ceil(PATIENT_SECONDS / period)}
    return {**times, **live}


def _describe_startup(probes: Probes, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    startup = probes.startup
    if not isinstance(startup, Budget):
        return _describe_probe(startup, ports, default)
    times = {"period": STARTUP_PERIOD, "failures": math.ceil(startup.budget.seconds / STARTUP_PERIOD)}
    # Being alive is what a start is for: one that waits for others to be ready is not started anew for it.
    return _describe_handler(probes.live or probes.ready, ports, default) | times


def _describe_probe(probe: Any, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    times = {name: getattr(probe, name) for name in ("delay", "period", "timeout")}
    said: Facts = {name: value.seconds for name, value in times.items() if value is not None}
    if probe.failures is not None:
        said["failures"] = probe.failures
    return _describe_handler(probe, ports, default) | said


def _describe_handler(probe: Any, ports: Mapping[str, PortSpec], default: str | None) -> Facts:
    if isinstance(probe, HttpProbe):
        headers = [{"name": str(name), "value": str(value)} for name, value in sorted(probe.headers.items())]
        facts: Facts = {"http": str(probe.http), "port": find_listener(ports, str(probe.port or default))}
        if probe.scheme != "HTTP":
            facts["scheme"] = probe.scheme
        return facts | ({"headers": headers} if headers else {})
    if isinstance(probe, GrpcProbe):
        # The API takes no name here.
        service = {} if probe.service is None else {"service": str(probe.service)}
        return {"grpc": ports[probe.grpc].target, **service}
    if isinstance(probe, TcpProbe):
        return {"tcp": find_listener(ports, str(probe.tcp))}
    return {"exec": [str(part) for part in probe.exec]}
