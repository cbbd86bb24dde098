"""What all datastores have in common: where they are, how they are reached, who calls them."""

import ipaddress

from hftgen.facts.addons import find_monitoring
from hftgen.facts.balancers import PRIVATE, join_networks, list_private, list_vpc
from hftgen.facts.defaults import runs_here
from hftgen.facts.names import select_service, select_workload
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.secrets import name_remote
from hftgen.facts.site import Site
from hftgen.spec.datastore import AnyDatastore, ClusterDatastore, ExternalDatastore
from hftgen.spec.service import Service

PART = "datastores"

PORTS = {"postgres": 5432, "redis": 6379, "mysql": 3306, "mongodb": 27017, "kafka": 9092, "elasticsearch": 9200}

IMAGES = {"postgres": "ghcr.io/cloudnative-pg/postgresql", "redis": "docker.io/library/redis"}


def find_port(store: AnyDatastore) -> int | None:
    """The port that callers open; None where nobody knows it."""
    if isinstance(store, ClusterDatastore) and store.engine == "postgres":
        return PORTS["postgres"]  # the operator knows no other
    return store.port or PORTS.get(store.engine)


def describe_peers(site: Site, name: str, store: AnyDatastore) -> list[Facts]:
    """Where a policy finds it; empty where only its name is known."""
    if isinstance(store, ClusterDatastore):
        return [{"pods": select_store(name, store)}]
    if isinstance(store, ExternalDatastore):
        try:
            return [{"cidr": f"{ipaddress.IPv4Address(str(store.address))}/32"}]
        except ValueError:
            return []
    # Google's managed databases answer from a range of their own: a part of `vpc` where Terraform says so.
    elsewhere = site.cluster.cloud == "gcp" and site.environment.terraform is None
    networks = [*list_vpc(site), *PRIVATE] if elsewhere else list_private(site)
    return [{"cidr": cidr} for cidr in join_networks(networks)]


def select_store(name: str, store: ClusterDatastore) -> dict[str, str]:
    """The pods of a datastore in the cluster: the operator's own label, or ours."""
    return {"cnpg.io/cluster": name} if store.engine == "postgres" else select_workload(name, name)


def find_image(store: ClusterDatastore) -> str:
    """The image: the spec's own, else the engine's usual one of this version."""
    return str(store.image or f"{IMAGES[store.engine]}:{store.version}")


def describe_password(site: Site, name: str, ref: str = "credentials") -> Facts:
    """Where services look for it too: `ref: <datastore>/credentials`, `key: password`."""
    return {"secretKey": "password", "key": name_remote(site, f"{name}/{ref}"), "property": "password"}


def list_scrape(site: Site, port: int) -> list[Facts]:
    """The rule by which Prometheus reaches a port, where there is a Prometheus."""
    namespace = find_monitoring(site)
    ports = [{"port": port, "protocol": "TCP"}]
    return [{"why": "Prometheus scrapes it.", "peers": [{"namespace": namespace}], "ports": ports}] if namespace else []


def describe_policy(site: Site, name: str, store: ClusterDatastore, rules: Facts) -> Record:
    """The policy of a datastore: its callers, and the engine's own `rules` (`{ingress, egress}`)."""
    ports = [{"port": find_port(store), "protocol": "TCP"}]
    ingress = [
        {"why": f"{caller} calls it.", "peers": [{"pods": select_service(caller)}], "ports": ports}
        for caller in list_callers(site, name)
    ]
    return describe(
        site,
        "NetworkPolicy",
        name,
        PART,
        application=name,
        selector=select_store(name, store),
        ingress=[*ingress, *rules["ingress"]],
        egress=rules["egress"],
    )


def list_callers(site: Site, name: str) -> list[str]:
    """The services on this site that call a datastore."""
    return [
        caller
        for caller, service in sorted(site.services.items())
        if runs_here(site, service) and _calls(service, name)
    ]


def _calls(service: Service, name: str) -> bool:
    return any(getattr(call, "service", None) == name for call in service.calls)
