"""Routers of releases: they stand where the requests pass, and divide requests, not connections."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from hftgen.spec.release import AbTest, Canary
from hftgen.spec.routing import carries_requests, find_routed_port, list_callers, speaks_grpc
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

# Which way in each router divides.
WAYS = {"istio": "gateway", "gateway": "gateway", "alb": "ingress", "nginx": "ingress"}
PODS_INSTEAD = "or traffic.router: none, and the number of pods makes the weight"


def route_what_is_used(loaded: "Loaded") -> Iterator[Violation]:
    """A router stands where requests pass: at the way in that `expose` names, or in every caller's mesh proxy."""
    told = set()
    for run in list_runs(loaded):
        router, path = _find_router(run), run.path("release", "traffic", "router")
        if router is None or path in told or _is_used(run, router):
            continue
        told.add(path)
        if router == "alb" and _comes_by(run, "ingress"):
            message, expected = f"cluster {run.cluster} has no load balancers of AWS", "istio, gateway or none there"
            yield Violation(path, message, f"alb on {run.site.cloud}", expected)
            continue
        expected = f"expose by {WAYS[router]}" + (", or mesh: true for every caller" if router == "istio" else "")
        yield Violation(path, f"divides no request: {_explain(run, router)}", router, expected, PODS_INSTEAD)


def _find_router(run: Run) -> str | None:
    release = run.service.release
    router = release.traffic.router if isinstance(release, Canary) else "none"
    return None if router == "none" else router


def _comes_by(run: Run, way: str) -> bool:
    return run.service.expose is not None and run.service.expose.via == way


def _is_used(run: Run, router: str) -> bool:
    if _comes_by(run, WAYS[router]):
        return router != "alb" or run.site.cloud == "aws"
    callers = list(list_callers(run.loaded.services[run.cluster], run.name))
    return router == "istio" and bool(callers) and all(caller.mesh for _, caller in callers)


def _explain(run: Run, router: str) -> str:
    expose = run.service.expose
    outside = f"from outside they come by {expose.via}" if expose else "nothing exposes it"
    callers = [name for name, caller in list_callers(run.loaded.services[run.cluster], run.name) if not caller.mesh]
    if router != "istio" or not callers:
        return outside
    return f"{outside}, and {', '.join(callers)} {'call' if len(callers) > 1 else 'calls'} it without a mesh proxy"


def weigh_requests(loaded: "Loaded") -> Iterator[Violation]:
    """Weights and headers divide requests of HTTP and gRPC; what goes over one long connection stays where it is."""
    for run in list_runs(loaded):
        release = run.service.release
        divided = isinstance(release, AbTest) and _comes_by(run, "gateway")
        if _find_router(run) is None and not divided:
            continue
        name = find_routed_port(run.service)
        place = ("expose", "port") if run.service.expose and run.service.expose.port else ("ports",)
        if name is None and run.service.expose is None:
            yield Violation(
                run.path("release"),
                "the ports do not say which one's requests are divided",
                ", ".join(run.service.ports) or "no ports",
                "a port named http, or expose.port",
            )
        elif name is not None and not carries_requests(run.service, name):
            port = run.service.ports.get(name)
            said = port is not None and port.appProtocol is not None
            yield Violation(
                run.path(*place),
                f"a router divides requests of HTTP and gRPC, and nothing says that port {name} speaks either",
                f"{name}, appProtocol {port.appProtocol}" if port and said else f"{name}, without an appProtocol",
                f"ports.{name}.appProtocol: http or grpc, if it does",
                "or a strategy that divides by pods: rolling, blueGreen, or a canary without a router",
            )


class Obstacle(NamedTuple):
    """Why gRPC does not come through: which field of `expose`, what is wrong, what it says, what it should."""

    field: str
    message: str
    found: str
    expected: str


def carry_grpc(loaded: "Loaded") -> Iterator[Violation]:
    """What stands before a port of gRPC speaks HTTP/2 on both of its sides."""
    told = set()
    for run in list_runs(loaded):
        name = find_routed_port(run.service)
        if run.service.expose is None or name is None or not speaks_grpc(run.service, name):
            continue
        obstacle = _find_obstacle(run)
        if obstacle is None or (path := run.path("expose", obstacle.field)) in told:
            continue
        told.add(path)
        _, message, found, expected = obstacle
        yield Violation(path, f"port {name} speaks gRPC, and {message}", found, expected)


def _find_obstacle(run: Run) -> Obstacle | None:
    if _comes_by(run, "gateway"):
        addon = run.loaded.environment.addons.get("gateway")
        if addon is None or addon.controller != "nginx" or _find_router(run) == "istio":
            return None
        message = "nginx speaks HTTP/1.1 to where an HTTPRoute leads"
        return Obstacle("via", message, "gateway, controller nginx", "via: loadBalancer, or another controller")
    if not _comes_by(run, "ingress"):
        return None
    router = _find_router(run)
    if router is None and run.site.cloud == "gcp":
        return Obstacle("via", "Google's Ingress speaks HTTP/2 to pods over TLS alone", "ingress", "via: gateway")
    if (router == "nginx" or run.site.cloud == "aws") and not _is_encrypted(run):
        return Obstacle("tls", "its Ingress takes HTTP/2 over TLS alone", "no TLS", "tls: true")
    return None


def _is_encrypted(run: Run) -> bool:
    """As facts.routes.speaks_tls: TLS left out is TLS everywhere but in development."""
    said = run.service.expose.tls if run.service.expose is not None else None
    return run.loaded.environment.tier != "development" if said is None else said
