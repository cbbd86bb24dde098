"""Who brings requests to a service, and whether anything on the way can divide them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.calls import ServiceCall
from hftgen.spec.probe import GrpcProbe, HttpProbe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hftgen.spec.service import Service

# By its name before a '-', as Istio reads it, or by its appProtocol.
REQUESTS = frozenset(("http", "http2", "https", "grpc", "grpc-web", "grpcweb", "web", "h2c", "kubernetes.io/h2c"))
# gRPC is HTTP/2 alone; gRPC-Web is made to go over HTTP/1.1.
GRPC_ABOVE = frozenset(("grpc", "h2c", "kubernetes.io/h2c"))
REQUESTS_ABOVE = REQUESTS | {"kubernetes.io/ws", "kubernetes.io/wss", "ws", "wss"}


def list_callers(services: "Mapping[str, Service]", name: str) -> Iterator[tuple[str, "Service"]]:
    """The services that call another one, by name."""
    for caller, service in sorted(services.items()):
        if any(isinstance(call, ServiceCall) and call.service == name for call in service.calls):
            yield caller, service


def find_routed_port(service: "Service") -> str | None:
    """The port that a route means."""
    return (service.expose.port if service.expose else None) or service.default_port


def carries_requests(service: "Service", name: str) -> bool:
    """Whether a port speaks HTTP or gRPC: by its appProtocol, else its name, else what probes ask it."""
    port = service.ports.get(name)
    if port is None or port.protocol != "TCP":
        return False
    if port.appProtocol is not None:
        return str(port.appProtocol).lower() in REQUESTS_ABOVE
    return name.split("-", maxsplit=1)[0] in REQUESTS or name in _list_probed(service)


def speaks_grpc(service: "Service", name: str) -> bool:
    """Whether a port speaks gRPC: by its appProtocol, else its name, else what probes ask it."""
    port = service.ports.get(name)
    if port is None or port.protocol != "TCP":
        return False
    if port.appProtocol is not None:
        return str(port.appProtocol).lower() in GRPC_ABOVE
    named = name.split("-", maxsplit=1)[0] == "grpc" and not name.startswith("grpc-web")
    probes = (service.probes.ready, service.probes.live, service.probes.startup)
    return named or any(isinstance(probe, GrpcProbe) and probe.grpc == name for probe in probes)


def _list_probed(service: "Service") -> Iterator[str | None]:
    """The ports that probes ask in HTTP or gRPC."""
    for probe in (service.probes.ready, service.probes.live, service.probes.startup):
        if isinstance(probe, HttpProbe):
            yield probe.port or service.default_port
        elif isinstance(probe, GrpcProbe):
            yield probe.grpc
