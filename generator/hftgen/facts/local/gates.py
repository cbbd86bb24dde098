"""Who starts after whom: what is called is healthy before its caller starts, and nobody waits for himself.

A program in a distroless image has no shell to ask it whether it is ready. So a small container beside it, in the same
network namespace, asks for it: the gate.
"""

from collections.abc import Mapping

from hftgen.facts.local.variables import escape
from hftgen.facts.probes import describe_probes
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.calls import ServiceCall
from hftgen.spec.probe import Budget
from hftgen.spec.service import Service

# Seconds for an answer, and for a start where the spec says nothing.
TIMEOUT, START = 2, 60

# What can be waited for; what runs to its end may not run at all.
LASTING = ("stateless", "stateful")


def describe_gate(service: Service) -> Facts | None:
    """`{test, start, own}`: the question and the seconds that a start may take; None for a service without probes.

    `own`: the service's image has the program that asks (an exec probe), so that no gate is needed.
    """
    found = describe_probes(service.probes, service.ports, service.default_port)
    probe = found.get("ready") or found.get("live")
    if probe is None:
        return None
    startup = service.probes.startup
    start = startup.budget.seconds if isinstance(startup, Budget) else START
    return {"test": [escape(part) for part in _ask(service, probe)], "start": start, "own": "exec" in probe}


def _ask(service: Service, probe: Facts) -> list[str]:
    if "exec" in probe:
        return ["CMD", *probe["exec"]]
    if "http" in probe and probe.get("scheme") != "HTTPS":
        headers = [part for header in probe.get("headers", ()) for part in ("--header", _join(header))]
        url = f"http://127.0.0.1:{_find_number(service, probe['port'])}{probe['http']}"
        return ["CMD", "wget", "-q", "-T", str(TIMEOUT), "-O", "/dev/null", *headers, url]
    # busybox speaks neither gRPC nor TLS with certificates of one's own: an open port has to do.
    number = probe["grpc"] if "grpc" in probe else _find_number(service, probe.get("tcp") or probe["port"])
    return ["CMD", "nc", "-z", "-w", str(TIMEOUT), "127.0.0.1", str(number)]


def _join(header: Facts) -> str:
    return f"{header['name']}: {header['value']}"


def _find_number(service: Service, port: str) -> int:
    return next(int(each.target) for name, each in service.ports.items() if name == port)


def list_waits(site: Site) -> dict[str, list[str]]:
    """For each service those that it calls, services and datastores, sorted; of a ring one call is left out."""
    calls = {name: _list_calls(site, service) for name, service in sorted(site.services.items())}
    settled: dict[str, list[str]] = {}
    for name in calls:
        _settle(name, calls, settled)
    return settled


def _list_calls(site: Site, service: Service) -> list[str]:
    lasting = {name for name, other in site.services.items() if other.workload in LASTING}
    known = {*lasting, *map(str, site.environment.datastores)}
    return sorted({str(call.service) for call in service.calls if isinstance(call, ServiceCall)} & known)


def _settle(root: str, calls: Mapping[str, list[str]], settled: dict[str, list[str]]) -> None:
    """Depth first: a call is kept if whoever is called was settled before, so that what is kept has no ring."""
    path = {} if root in settled else {root: iter(calls[root])}
    while path:
        name, rest = next(reversed(path.items()))
        further = next(
            (called for called in rest if called in calls and called not in settled and called not in path), None
        )
        if further is not None:
            path[further] = iter(calls[further])
            continue
        del path[name]
        settled[name] = [called for called in calls[name] if called not in calls or called in settled]
