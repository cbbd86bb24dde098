"""How requests from outside find a service: by the gateway, by an Ingress, or by Istio where it weighs traffic."""

from collections.abc import Iterator

from hftgen.facts.addons import find_gateway
from hftgen.facts.balancers import annotate_balancer
from hftgen.facts.cilium import label_balancer
from hftgen.facts.kind import describe_door
from hftgen.facts.names import name_canary, name_certificate, name_scoped, name_variant
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.releases import ISTIO_ROUTE, find_router
from hftgen.facts.site import Site
from hftgen.facts.targets import describe_targets
from hftgen.spec.calls import Expose, ServiceCall
from hftgen.spec.release import AbTest, HeaderVariant
from hftgen.spec.routing import find_routed_port, speaks_grpc
from hftgen.spec.rules.expose import GOOGLE_GATEWAYS, is_private_gateway
from hftgen.spec.service import Service

# The label that Istio's chart gives gateway pods by its release's name: `istio-ingressgateway`, or `...-internal`.
ISTIO_GATEWAYS = {False: {"istio": "ingressgateway"}, True: {"istio": "ingressgateway-internal"}}

# Google's own gateway for the private network of one region.
GOOGLE_PRIVATE = "gke-l7-rilb"

# Istio's name for the proxies beside pods.
MESH = "mesh"

# The ALB controller replaces a port of this name by the weights that Rollouts writes into an annotation.
ALB_PORT = "use-annotation"


def describe_routes(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The routes of a service, and the gateway's objects that belong to it alone."""
    if find_router(service) == "istio":
        yield from _describe_istio(site, name, service)
    elif service.expose is not None and service.expose.via == "gateway":
        yield _describe_http_route(site, name, service, service.expose)
    elif service.expose is not None and service.expose.via == "ingress":
        yield _describe_ingress(site, name, service, service.expose)


def describe_gateways(site: Site) -> Iterator[Record]:
    """The Gateways of the environment: one for the private network, one for everybody, with a listener a host."""
    found = find_gateway(site)
    if found is None:
        return
    controller, namespace = found
    for internal in (False, True):
        listeners = [
            _describe_listener(site, name, service.expose)
            for name, service in sorted(site.services.items())
            if service.expose is not None and _listens(service) and service.expose.internal == internal
        ]
        if listeners:
            name = name_gateway(site, internal=internal)
            record = describe(
                site,
                "Gateway",
                name,
                "platform",
                controller=_find_class(controller, internal=internal),
                listeners=listeners,
                balancer=_annotate_gateway(site, controller, internal=internal) or None,
                reach=label_balancer(site, internal=internal) or None,
            )
            gateway = record | {"namespace": namespace, "routes": site.namespace}
            yield from describe_door(site, gateway, internal=internal)


def _find_class(controller: str, *, internal: bool) -> str:
    """The GatewayClass: of Google's each has one reach, and what is internal must not get one of the internet."""
    public = controller.startswith(GOOGLE_GATEWAYS) and not is_private_gateway(controller)
    return GOOGLE_PRIVATE if internal and public else controller


def _annotate_gateway(site: Site, controller: str, *, internal: bool) -> dict[str, str]:
    """What the Service of a Gateway is told; Google's own has none."""
    google = controller.startswith(GOOGLE_GATEWAYS)
    return {} if google else annotate_balancer(site.cluster.cloud, internal=internal)


def name_gateway(site: Site, *, internal: bool) -> str:
    """The Gateway that a route hangs on. It lies in the gateway's namespace, so it carries project and environment."""
    return name_scoped(site.project, site.environment.environment, "internal" if internal else "")


def speaks_tls(site: Site, expose: Expose) -> bool:
    """Whether the outside speaks TLS: as the spec says, else everywhere but in development.

    A load balancer hands on what it gets, unless the spec says that the pod has a certificate.
    """
    usual = not site.is_development and expose.via != "loadBalancer"
    return usual if expose.tls is None else expose.tls


def find_ingress_class(site: Site, service: Service) -> str | None:
    """The class of a service's Ingress: its router's, else the cloud's own; None where neither says."""
    router = find_router(service)
    return router if router in ("alb", "nginx") else {"aws": "alb"}.get(site.cluster.cloud)


def _listens(service: Service) -> bool:
    return service.expose is not None and service.expose.via == "gateway" and find_router(service) != "istio"


def _describe_listener(site: Site, name: str, expose: Expose) -> Facts:
    tls = speaks_tls(site, expose)
    secret = {"certificate": name_certificate(site, name, shared=True)} if tls else {}
    return {"name": name, "host": str(expose.host), **secret}


def _describe_http_route(site: Site, name: str, service: Service, expose: Expose) -> Record:
    gateway = find_gateway(site)
    parent = {
        "name": name_gateway(site, internal=expose.internal),
        "namespace": gateway[1] if gateway else site.namespace,
        "section": name,
    }
    port = _find_port(service, expose)
    rules = _list_rules(name, service, port)
    return describe(site, "HTTPRoute", name, name, host=str(expose.host), parent=parent, rules=rules)


def _list_rules(name: str, service: Service, port: int | None) -> list[Facts]:
    """Variants by header first, then the shares: of an A/B test, of a canary, or all of it."""
    release = service.release
    if not isinstance(release, AbTest):
        shares: dict[str, int | None] = {name: 100, name_canary(name): 0} if find_router(service) else {name: None}
        return [{"backends": _list_backends(shares, port)}]
    rules: list[Facts] = []
    weights: dict[str, int | None] = {name: None}
    left = 100
    for key, variant in sorted(release.variants.items()):
        target = name_variant(name, key)
        if isinstance(variant, HeaderVariant):
            header = {"name": str(variant.header.name), "value": str(variant.header.value)}
            rules.append({"header": header, "backends": _list_backends({target: None}, port)})
        else:
            left -= variant.weight
            weights |= {name: left, target: variant.weight}
    return [*rules, {"backends": _list_backends(weights, port)}]


def _list_backends(shares: dict[str, int | None], port: int | None) -> list[Facts]:
    return [
        {"name": name, "port": port, **({} if weight is None else {"weight": weight})}
        for name, weight in shares.items()
    ]


def _describe_istio(site: Site, name: str, service: Service) -> Iterator[Record]:
    """A VirtualService whose weights the Rollouts controller moves; for callers inside only where the mesh has them."""
    expose = service.expose if service.expose is not None and service.expose.via == "gateway" else None
    inside = any(
        other.mesh and isinstance(call, ServiceCall) and call.service == name
        for other in site.services.values()
        for call in other.calls
    )
    mesh = inside or expose is None
    port = _find_port(service, expose)
    if expose is not None:
        # Istio reads the Secret in the namespace of the gateway's pods, not in that of this object.
        tls = {"certificate": name_certificate(site, name, shared=True)} if speaks_tls(site, expose) else {}
        selector = ISTIO_GATEWAYS[expose.internal]
        yield describe(site, "IstioGateway", name, name, host=str(expose.host), selector=selector, **tls)
    yield describe(
        site,
        "VirtualService",
        name,
        name,
        host=str(expose.host) if expose is not None else None,
        aliases=[name] if mesh else [],
        gateways=[*([name] if expose is not None else []), *([MESH] if mesh else [])],
        route=ISTIO_ROUTE,
        backends=_list_backends({name: 100, name_canary(name): 0}, port),
        matches=_list_matches(name, port, mesh=mesh, outside=expose is not None) or None,
    )


def _list_matches(name: str, port: int | None, *, mesh: bool, outside: bool) -> list[Facts]:
    """Inside, the one port that is weighed: a route that says none takes the requests to every port of its host."""
    if not mesh:
        return []
    return [{"gateways": [name]}, {"gateways": [MESH], "port": port}] if outside else [{"port": port}]


def _describe_ingress(site: Site, name: str, service: Service, expose: Expose) -> Record:
    kind, tls = find_ingress_class(site, service), speaks_tls(site, expose)
    annotations = _annotate_ingress(site, kind, internal=expose.internal, tls=tls)
    if kind == "alb":
        annotations |= describe_targets(service)
    if kind == "nginx" and _is_asked_for_grpc(service):
        annotations |= {"nginx.ingress.kubernetes.io/backend-protocol": "GRPC"}
    # An ALB finds the certificate of its host in ACM, by the host's name.
    secret = {"certificate": name_certificate(site, name)} if tls and kind != "alb" else {}
    port = {"portName": ALB_PORT} if find_router(service) == "alb" else {"port": _find_port(service, expose)}
    facts = {"host": str(expose.host), "ingressClass": kind, "tls": tls or None, **secret, **port}
    return describe(site, "Ingress", name, name, annotations=annotations, **facts)


def _is_asked_for_grpc(service: Service) -> bool:
    port = find_routed_port(service)
    return port is not None and speaks_grpc(service, port)


def _annotate_ingress(site: Site, kind: str | None, *, internal: bool, tls: bool) -> dict[str, str]:
    """What the clouds' own controllers read; another one's has no common words for it."""
    if kind == "alb":
        prefix = "alb.ingress.kubernetes.io"
        return {
            f"{prefix}/scheme": "internal" if internal else "internet-facing",
            f"{prefix}/target-type": "ip",
            f"{prefix}/listen-ports": '[{"HTTPS": 443}]' if tls else '[{"HTTP": 80}]',
        }
    if kind is None and site.cluster.cloud == "gcp":
        # Google's controller takes an Ingress without a class for a public one, and reads another class nowhere else.
        annotations = {"kubernetes.io/ingress.class": "gce-internal"} if internal else {}
        return annotations | ({"kubernetes.io/ingress.allow-http": "false"} if tls else {})
    return {}


def _find_port(service: Service, expose: Expose | None) -> int | None:
    """The number, on the Service, of the port that a route means."""
    name = (expose.port if expose else None) or service.default_port
    port = service.ports.get(name) if name else None
    return port.port if port else None
