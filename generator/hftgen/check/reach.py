"""What nobody uses: datastores without callers, ports without visitors, secrets without a source."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.spec.calls import ServiceCall
from hftgen.spec.load import Loaded
from hftgen.spec.rules.calls import name_metrics_port
from hftgen.spec.rules.demand import count_replicas


def find_idle_datastores(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X01: a datastore costs money and holds data; one that no service calls is a leftover or a missing edge."""
    called = _list_called(loaded)
    for name in sorted(set(loaded.environment.datastores) - called):
        yield make_finding(
            loaded,
            "HFT-X01",
            ("datastores", name),
            "no service calls this datastore, so no network policy lets anybody reach it",
            f"add it to a service's calls, or remove datastores.{name}",
        )


def find_unreachable_services(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X02: with default deny, ports that nobody calls and nothing exposes are closed to everybody."""
    called = _list_called(loaded)
    for name, service in sorted(loaded.environment.services.items()):
        ports = sorted(set(service.ports) - {name_metrics_port(service)})
        exposed = any(services[name].expose for services in loaded.services.values() if name in services)
        if ports and name not in called and not exposed:
            yield make_finding(
                loaded,
                "HFT-X02",
                ("services", name),
                f"nobody can reach its ports ({', '.join(ports)}): no service calls it, and it is not exposed",
                "add it to a caller's calls, say expose, or remove the ports",
            )


def _list_called(loaded: Loaded) -> set[str]:
    """The names that some other service calls on some cluster."""
    return {
        str(call.service)
        for services in loaded.services.values()
        for name, service in services.items()
        for call in service.calls
        if isinstance(call, ServiceCall) and call.service != name
    }


def find_undelivered_secrets(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X09: without the section `secrets` no secret is fetched, and pods wait for one that somebody must make."""
    if loaded.environment.secrets is not None:
        return
    for name, service in sorted(loaded.environment.services.items()):
        if service.secrets:
            yield make_finding(
                loaded,
                "HFT-X09",
                ("services", name, "secrets"),
                "the environment does not say where secrets come from, so nothing delivers these",
                "add the section secrets, or make the Secret by hand before the service starts",
            )


def find_lonely_holders(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X10: with one replica nobody waits for the Lease, and the service is as good as `single`."""
    if loaded.environment.tier == "development":
        return
    for cluster, services in sorted(loaded.services.items()):
        for name, service in services.items():
            if service.instances == "activePassive" and count_replicas(service) == 1:
                yield make_finding(
                    loaded,
                    "HFT-X10",
                    ("services", name, "replicas"),
                    f"one replica on cluster {cluster}: nobody waits to take over",
                    "say replicas: 2, or instances: single",
                )
