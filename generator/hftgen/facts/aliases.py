"""Datastores outside the cluster under their own names: `database` resolves wherever it lies.

One that has a DNS name gets a Service that is an alias of it. One that has an address only is written into its callers'
/etc/hosts: a Service would need an EndpointSlice beside it, which Argo CD leaves out by default.
"""

from collections.abc import Iterator

from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.replication import find_address
from hftgen.facts.site import Site
from hftgen.facts.stores import PART, find_port
from hftgen.spec.calls import ServiceCall, is_address
from hftgen.spec.datastore import AnyDatastore, ExternalDatastore, ManagedDatastore
from hftgen.spec.service import Service
from hftgen.spec.units import DatastoreName


def describe_aliases(site: Site) -> Iterator[Record]:
    """A Service for each datastore that has a DNS name outside."""
    for key, store in sorted(site.environment.datastores.items()):
        name = str(key)
        host = find_host(site, name, store)
        if host is None or is_address(host):
            continue
        number = find_port(store)
        ports = [{"name": str(store.engine)[:15].rstrip("-"), "port": number, "protocol": "TCP"}] if number else []
        facts = {"type": "ExternalName", "externalName": _qualify(host), "ports": ports}
        yield describe(site, "Service", name, PART, application=name, **facts)


def list_aliases(site: Site, service: Service) -> list[Facts]:
    """`{ip, names}` of the datastores that a service calls and that have an address only."""
    found: dict[str, list[str]] = {}
    for name in sorted({str(call.service) for call in service.calls if isinstance(call, ServiceCall)}):
        store = site.environment.datastores.get(DatastoreName(name))
        host = find_host(site, name, store) if store is not None else None
        if host is not None and is_address(host):
            found.setdefault(host, []).append(name)
    return [{"ip": ip, "names": names} for ip, names in sorted(found.items())]


def find_host(site: Site, name: str, store: AnyDatastore) -> str | None:
    """Where a datastore outside the cluster answers; None where it runs inside, or nobody knows."""
    if isinstance(store, ExternalDatastore):
        return str(store.address)
    return find_address(site, name, store) if isinstance(store, ManagedDatastore) else None


def _qualify(host: str) -> str:
    """An alias leads to a whole name; that of another namespace's Service may be said in short."""
    return f"{host}.cluster.local" if host.endswith(".svc") else host
