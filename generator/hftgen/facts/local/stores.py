"""Datastores on one machine: the engines themselves, under the names that services know."""

from hftgen.facts.bases import pin
from hftgen.facts.local.names import Names
from hftgen.facts.local.services import write_bytes
from hftgen.facts.local.variables import Vault, demand
from hftgen.facts.postgres import DATABASE
from hftgen.facts.record import Facts
from hftgen.facts.redis import SHARE
from hftgen.facts.site import Site
from hftgen.facts.stores import find_port
from hftgen.spec.calls import is_address
from hftgen.spec.datastore import AnyDatastore, ExternalDatastore
from hftgen.spec.units import DatastoreName

ENGINES = ("postgres", "redis")

# CloudNativePG's Services of a database beside `<name>-rw`, which writes.
POSTGRES_NAMES = ("rw", "ro", "r")


def list_stores(site: Site) -> dict[str, AnyDatastore]:
    """The datastores whose engine can be run here, wherever they are otherwise."""
    return {str(name): store for name, store in site.environment.datastores.items() if store.engine in ENGINES}


def describe_store(site: Site, name: str, vault: Vault, volumes: Names) -> Facts:
    """`{image, command, variables, aliases, test, volume, path, limits}` of one datastore; `volumes` names it."""
    store = site.environment.datastores[DatastoreName(name)]
    said = getattr(store, "image", None)
    engine = str(store.engine)
    # The operator's image starts no database by itself; the engine's own does.
    image = str(said) if said is not None and engine == "redis" else f"{engine}:{store.version}"
    memory = getattr(store, "memory", None)
    limit = (memory.limit or memory.request) if memory is not None else None
    return {
        "image": pin(image, site.tables),
        "engine": engine,
        "aliases": _list_aliases(site, name, store),
        "port": find_port(store),
        "volume": volumes.take(f"{name}-data"),
        **({"memory": write_bytes(limit)} if limit is not None else {}),
        **DESCRIBERS[engine](site, name, store, vault),
    }


def _describe_postgres(_site: Site, name: str, store: AnyDatastore, vault: Vault) -> Facts:
    port = find_port(store)
    return {
        # From version 18 on the image keeps its data one folder higher.
        "path": "/var/lib/postgresql"
        if int(str(store.version).partition(".")[0]) >= 18
        else "/var/lib/postgresql/data",
        "command": ["postgres", "-c", f"port={port}"],
        "variables": {
            "POSTGRES_DB": DATABASE,
            "POSTGRES_USER": DATABASE,
            "POSTGRES_PASSWORD": demand(vault.find_password(name)),
        },
        # By TCP: while the image makes the database, another server answers on the socket, and is stopped again.
        "test": ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", DATABASE, "-d", DATABASE, "-p", str(port)],
    }


def _describe_redis(_site: Site, name: str, store: AnyDatastore, vault: Vault) -> Facts:
    memory = getattr(store, "memory", None)
    limit = (memory.limit or memory.request) if memory is not None else None
    bound = ["--maxmemory", str(int(limit.bytes * SHARE))] if limit is not None else []
    port = str(find_port(store))
    password = demand(vault.find_password(name))
    return {
        "path": "/data",
        "command": ["redis-server", "--port", port, "--requirepass", password, *bound],
        "variables": {"REDISCLI_AUTH": password},
        "test": ["CMD", "redis-cli", "-p", port, "ping"],
    }


DESCRIBERS = {"postgres": _describe_postgres, "redis": _describe_redis}


def _list_aliases(site: Site, name: str, store: AnyDatastore) -> list[str]:
    """The names by which services find it in a cluster, or outside."""
    hosts = [name, *(f"{name}-{suffix}" for suffix in POSTGRES_NAMES if store.engine == "postgres")]
    domains = [f"{site.namespace}.svc", f"{site.namespace}.svc.cluster.local"]
    said = [str(store.address)] if isinstance(store, ExternalDatastore) and not is_address(store.address) else []
    return [*hosts[1:], *(f"{host}.{domain}" for host in hosts for domain in domains), *said]
