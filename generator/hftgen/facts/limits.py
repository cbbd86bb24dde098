"""What a NetworkPolicy cannot hold: where the network lets through more than the spec says."""

from collections.abc import Iterator

from hftgen.facts.addons import find_gateway
from hftgen.facts.cilium import has_cilium
from hftgen.facts.entries import find_ingress_namespace
from hftgen.facts.network import find_inside
from hftgen.facts.replication import is_present
from hftgen.facts.routes import find_ingress_class
from hftgen.facts.site import Site
from hftgen.facts.stores import describe_peers, list_callers
from hftgen.spec.calls import HostCall
from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.service import Service

# What enforces policies on each cloud. Our Terraform switches it on; kind brings its own.
PLUGINS = {"aws": "vpc-cni with enableNetworkPolicy", "gcp": "Dataplane V2", "azure": "Cilium"}


def list_limits(site: Site) -> list[str]:
    """Sentences, in the order of their weight."""
    return [
        *_list_unenforced(site),
        *_list_names(site),
        *_list_entries(site),
        *_list_askers(site),
        *_list_multicast(site),
    ]


def _list_unenforced(site: Site) -> Iterator[str]:
    plugin = PLUGINS.get(site.cluster.cloud)
    if plugin is not None and site.environment.terraform is None:
        yield f"The network plugin: policies are enforced only by {plugin}, and somebody else makes the cluster."
    elif site.cluster.cloud == "metal" and not has_cilium(site):
        yield "The network plugin: whether it enforces policies is its own matter, and the spec names none."


def _list_names(site: Site) -> Iterator[str]:
    edges = [
        f"{name} to {call.host}"
        for name, service in sorted(site.services.items())
        for call in service.calls
        if isinstance(call, HostCall) and find_inside(str(call.host)) is None
    ]
    stores = [
        f"{caller} to {name}"
        for name, store in sorted(site.environment.datastores.items())
        for caller in list_callers(site, str(name))
        if not describe_peers(site, str(name), store)
    ]
    if found := [*edges, *stores]:
        yield f"Hosts' names: the port is open to every address, for {_join(found)}."


def _list_entries(site: Site) -> Iterator[str]:
    exposed = {name: item for name, item in sorted(site.services.items()) if item.expose is not None}
    wide = [
        name
        for name, service in exposed.items()
        if service.expose is not None
        and service.expose.via == "ingress"
        and find_ingress_class(site, service) != "alb"
        and site.cluster.cloud != "gcp"
        and find_ingress_namespace(site) is None
    ]
    if wide:
        yield f"Ingress controllers: none is among the add-ons, so every namespace reaches {_join(wide)}."
    unheard = [name for name, item in exposed.items() if item.expose is not None and _is_unheard(site, item)]
    if unheard:
        yield f"Private ways in: nothing that is rendered tells the controller that {_join(unheard)} are internal."
    network = site.cluster.network
    behind = [name for name, item in exposed.items() if item.expose is not None and item.expose.via != "gateway"]
    if behind and site.cluster.cloud == "aws" and (network is None or network.vpc is None):
        yield f"Load balancers: without network.vpc every private address reaches {_join(behind)}."
    gateway = find_gateway(site)
    routed = [name for name, item in exposed.items() if item.expose is not None and item.expose.via == "gateway"]
    if routed and gateway is not None and gateway[0] == "cilium":
        yield f"Cilium's gateway has no pods, so no policy can name it: {_join(routed)} need a CiliumNetworkPolicy."


def _is_unheard(site: Site, service: Service) -> bool:
    """Whether a way in is to be private, and its controller has no common word for it."""
    expose, cloud = service.expose, site.cluster.cloud
    if expose is None or not expose.internal or expose.via == "gateway":
        return False
    if expose.via == "loadBalancer":
        return cloud == "metal" and (site.cluster.metal is None or site.cluster.metal.balancers is None)
    return find_ingress_class(site, service) != "alb" and cloud in ("azure", "metal")


def _list_askers(site: Site) -> Iterator[str]:
    """Who asks the API server, which is known by its port alone."""
    found = [name for name, service in sorted(site.services.items()) if service.instances == "activePassive"]
    found += [
        str(name)
        for name, store in sorted(site.environment.datastores.items())
        if isinstance(store, ClusterDatastore) and store.engine == "postgres" and is_present(site, str(name), store)
    ]
    if found:
        yield f"The API server's address: its ports 443 and 6443 are open to every address, for {_join(found)}."


def _list_multicast(site: Site) -> Iterator[str]:
    found = [name for name, service in sorted(site.services.items()) if service.venues]
    if found:
        yield f"Multicast: no policy holds it, and few clusters' networks carry it; venues send {_join(found)} unicast."


def _join(words: list[str]) -> str:
    return ", ".join(str(word) for word in words)
