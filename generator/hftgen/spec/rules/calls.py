"""`calls`: the edges of the network policy lead to something that is there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.calls import ServiceCall
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.rules.scope import Path, Run, list_runs
from hftgen.spec.rules.violation import Violation
from hftgen.spec.service import Service

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded


def name_metrics_port(service: Service) -> str | None:
    """The port for Prometheus, which a call without a port does not mean; None where nothing is exported."""
    metrics = service.metrics
    if metrics is not None and not metrics.enabled:
        return None
    return metrics.port if metrics is not None and metrics.port is not None else "metrics"


def _list_calls(loaded: "Loaded") -> Iterator[tuple[Run, Path, ServiceCall]]:
    """Each call of another service or a datastore, with its path."""
    for run in list_runs(loaded):
        for index, call in enumerate(run.service.calls):
            if isinstance(call, ServiceCall):
                yield run, run.path("calls", index), call


def _is_needless(run: Run, call: ServiceCall) -> bool:
    """Whether it calls itself, and does so anyway."""
    return call.service == run.name and run.service.workload == "stateful"


def call_known_names(loaded: "Loaded") -> Iterator[Violation]:
    """What a service calls is there, and not itself where it is stateful: its own pods reach each other anyway."""
    known = {*loaded.environment.services, *loaded.environment.datastores}
    for run, path, call in _list_calls(loaded):
        if _is_needless(run, call):
            message = "the pods of a stateful service reach each other without a call"
            yield Violation(path, message, call.service, "another service or datastore")
        elif call.service not in known:
            hint = suggest(call.service, known - {run.name}) or "an address outside is {host: ...} or {cidr: ...}"
            yield Violation(
                path, "there is no such service or datastore", call.service, list_names(known - {run.name}), hint
            )


def call_services_nearby(loaded: "Loaded") -> Iterator[Violation]:
    """A called service runs on each cluster of its caller: `calls` never leaves a cluster."""
    for run, path, call in _list_calls(loaded):
        known = call.service in loaded.environment.services and call.service != run.name
        if known and call.service not in loaded.services[run.cluster]:
            yield Violation(
                path,
                f"{call.service} does not run on cluster {run.cluster}, where {run.name} would call it in vain",
                call.service,
                f"a service that runs on {run.cluster}",
                f"add {run.cluster} to services.{call.service}.clusters, or call it at an address: {{host: ...}}",
            )


def call_known_ports(loaded: "Loaded") -> Iterator[Violation]:
    """A port named in a call is one of the called service's; a call without one finds a port besides metrics."""
    for run, path, call in _list_calls(loaded):
        if call.port is not None and call.service in loaded.environment.datastores:
            yield Violation(path, "a datastore has one port, which has no name", call.port, f"[{call.service}]")
        callee = loaded.services[run.cluster].get(call.service)
        if callee is None or _is_needless(run, call):
            continue
        ports, metrics = callee.ports, name_metrics_port(callee)
        if call.port is not None and call.port not in ports:
            expected = list_names(ports)
            yield Violation(
                path, f"{call.service} has no such port", call.port, expected, suggest(str(call.port), ports)
            )
        elif call.port is None and not set(ports) - {metrics}:
            hint = f"say a port in services.{call.service}.ports, or leave the call out"
            yield Violation(path, f"{call.service} has no port that could be called", list_names(ports), "a port", hint)


def hold_datastore_credentials(loaded: "Loaded") -> Iterator[Violation]:
    """A service that calls a datastore reads a secret below the datastore's name: else it cannot log in."""
    for run, path, call in _list_calls(loaded):
        if call.service not in loaded.environment.datastores:
            continue
        refs = sorted(secret.ref for secret in run.service.secrets.values())
        if not any(ref.startswith(f"{call.service}/") for ref in refs):
            yield Violation(
                path,
                f"{run.name} calls the datastore {call.service} and holds no credential for it",
                f"secrets: {list_names(refs)}",
                f"a secret whose ref lies below {call.service}/",
                f"secrets: {{PASSWORD: {{ref: {call.service}/credentials, key: password, rotate: 30d}}}}",
            )
