"""What stands around a cluster's pods and is no manifest's to make: records, certificates, identities; for people."""

from collections.abc import Iterator

from hftgen.facts.accounts import IDENTITIES
from hftgen.facts.addons import find_namespace
from hftgen.facts.aliases import find_host
from hftgen.facts.certificates import MANAGER, find_certificate, list_delegations
from hftgen.facts.defaults import count_desired
from hftgen.facts.limits import list_limits
from hftgen.facts.names import HOLDER_LABEL, name_ordinal, name_replicator
from hftgen.facts.record import Facts
from hftgen.facts.replication import find_topology
from hftgen.facts.secrets import READER, annotate_reader
from hftgen.facts.site import Site
from hftgen.spec.datastore import ClusterDatastore, ManagedDatastore


def describe_edges(site: Site) -> Facts:
    """`{entries, records, identities, passwords, holders, limits}` of one cluster."""
    return {
        "entries": list(_list_entries(site)),
        "records": list(_list_records(site)),
        "identities": list(_list_identities(site)),
        "passwords": list(_list_passwords(site)),
        "holders": list(_list_holders(site)),
        "limits": list_limits(site),
    }


def _list_entries(site: Site) -> Iterator[Facts]:
    """`{service, host, via, internal, certificate}`; the certificate in words, None where there is none."""
    for name, service in sorted(site.services.items()):
        if service.expose is None:
            continue
        found = find_certificate(site, str(name), service)
        yield {
            "service": str(name),
            "host": str(service.expose.host) if service.expose.host else None,
            "via": service.expose.via,
            "internal": service.expose.internal,
            "certificate": None if found is None else _tell_certificate(found.secret, found.namespace, made=found.made),
        }


def _tell_certificate(secret: str | None, namespace: str | None, *, made: bool) -> str:
    if secret is None:
        return "one of the host's name in ACM, in this region"
    return f"by cert-manager in `{namespace}`" if made else f"Secret `{secret}` in `{namespace}`, by hand"


def _list_records(site: Site) -> Iterator[Facts]:
    """`{name, target}`: names that must lead somewhere, and are nobody's host."""
    for key, store in sorted(site.environment.datastores.items()):
        name = str(key)
        if isinstance(store, ClusterDatastore) and (topology := find_topology(site, name, store)) is not None:
            target = f"the load balancer of Service `{name_replicator(name)}`"
            yield {"name": topology.addresses[site.name], "target": target}
        if isinstance(store, ManagedDatastore) and not store.addresses.get(site.name):
            host = find_host(site, name, store)
            if host is not None:
                yield {"name": host, "target": f"what the cloud calls the {store.engine} {name}"}


def _list_identities(site: Site) -> Iterator[Facts]:
    """`{account, namespace, identity}`: whom the cloud must know."""
    if site.environment.secrets is not None and (reader := annotate_reader(site, site.environment.secrets)):
        yield {"account": READER, "namespace": site.namespace, "identity": next(iter(reader.values()))}
    for account, identity in list_delegations(site):
        yield {"account": account, "namespace": find_namespace(site, MANAGER), "identity": identity}
    for name, service in sorted(site.services.items()):
        said = getattr(service.identity, site.cluster.cloud, None) if site.cluster.cloud in IDENTITIES else None
        if said is not None:
            yield {"account": str(name), "namespace": site.namespace, "identity": str(said)}


def _list_passwords(site: Site) -> Iterator[Facts]:
    """`{path}`: what is read by nobody's field of the spec."""
    for key, store in sorted(site.environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and find_topology(site, str(key), store) is not None:
            yield {"datastore": str(key), "secret": name_replicator(str(key))}


def _list_holders(site: Site) -> Iterator[Facts]:
    """`{service, lease, label, pods}` of services of which one acts and the others wait."""
    for name, service in sorted(site.services.items()):
        if service.instances == "activePassive":
            pods = [name_ordinal(str(name), ordinal) for ordinal in range(count_desired(service))]
            yield {"service": str(name), "lease": str(name), "label": HOLDER_LABEL, "pods": pods}
