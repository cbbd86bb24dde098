"""What load balancers of HTTP ask pods, and in which protocol: as Kubernetes does, or they send nothing to good pods.

AWS' own way is HTTP/1.1, and `/` must answer 200 (docs.aws.amazon.com, "Health checks for Application Load Balancer
target groups"). A pod of gRPC is asked for a method that nobody has, and that it says so (12) is the good answer.
"""

from collections.abc import Iterator

from hftgen.spec.ports import find_listener
from hftgen.spec.probe import GrpcProbe, HttpProbe
from hftgen.spec.routing import find_routed_port
from hftgen.spec.service import Service

PREFIX = "alb.ingress.kubernetes.io"

# What a probe of Kubernetes takes for good, and what any program answers that is there.
GOOD, THERE = "200-399", "200-499"

VERSIONS = {"grpc": "GRPC", "http2": "HTTP2", "h2c": "HTTP2"}


def describe_targets(service: Service) -> dict[str, str]:
    """The annotations by which an ALB speaks to the exposed port of a service, and judges its pods."""
    protocol = _find_protocol(service)
    facts = {"backend-protocol": "HTTPS"} if protocol == "https" else {}
    if protocol in VERSIONS:
        facts["backend-protocol-version"] = VERSIONS[protocol]
    if protocol != "grpc":
        facts |= _describe_health(service)
    return {f"{PREFIX}/{name}": value for name, value in facts.items()}


def find_health_path(service: Service) -> str | None:
    """Where the exposed port is asked whether a pod is ready; None where it is not asked over HTTP."""
    probe = service.probes.ready
    if not isinstance(probe, HttpProbe) or not _is_same(service, probe.port, find_routed_port(service)):
        return None
    return str(probe.http)


def _is_same(service: Service, probed: str | None, routed: str | None) -> bool:
    """Whether two ports are one of the container; a probe that names none asks the default."""
    names = (str(probed or service.default_port), str(routed))
    return len({find_listener(service.ports, name) for name in names}) == 1


def _describe_health(service: Service) -> dict[str, str]:
    path, probe = find_health_path(service), service.probes.ready
    if path is None:
        return {"success-codes": THERE}
    secure = {"healthcheck-protocol": "HTTPS"} if isinstance(probe, HttpProbe) and probe.scheme == "HTTPS" else {}
    return {"healthcheck-path": path, **secure, "success-codes": GOOD}


def _find_protocol(service: Service) -> str:
    """grpc, http2, h2c, https, or anything else for HTTP/1.1: by appProtocol, else a probe, else the port's name."""
    name = find_routed_port(service)
    port = service.ports.get(name or "")
    if port is not None and port.appProtocol is not None:
        return str(port.appProtocol).lower().removeprefix("kubernetes.io/")
    return next(_list_probed(service, name), (name or "").split("-", maxsplit=1)[0])


def _list_probed(service: Service, name: str | None) -> Iterator[str]:
    """What probes say that a port speaks."""
    for probe in (service.probes.ready, service.probes.live):
        if isinstance(probe, GrpcProbe) and _is_same(service, probe.grpc, name):
            yield "grpc"
        if isinstance(probe, HttpProbe) and _is_same(service, probe.port, name):
            yield str(probe.scheme).lower()
