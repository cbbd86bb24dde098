"""Datastores: those that run in the cluster, and how pods reach any of them.

On a standby cluster a database is to be a replica. Until replication is rendered there is none at all: a second
database that takes writes would be worse than no database. A cache without a disk runs everywhere.
"""

import ipaddress
from collections.abc import Iterator

from hftgen.facts.addons import find_monitoring, find_namespace
from hftgen.facts.containers import describe_resources_of
from hftgen.facts.names import LABEL_INSTANCE, select_service, select_workload
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.scheduling import describe_pool
from hftgen.facts.secrets import describe_external_secret, name_remote
from hftgen.facts.site import Site
from hftgen.facts.storage import DATASTORE_CLASS, name_class
from hftgen.spec.datastore import AnyDatastore, ClusterDatastore, ExternalDatastore
from hftgen.spec.service import Service

PART = "datastores"

PORTS = {"postgres": 5432, "redis": 6379, "mysql": 3306, "mongodb": 27017, "kafka": 9092, "elasticsearch": 9200}

IMAGES = {"postgres": "ghcr.io/cloudnative-pg/postgresql", "redis": "docker.io/library/redis"}

# The instances of a database that survives the loss of a machine: one writes, two follow.
AVAILABLE_INSTANCES = 3

# The database and its owner that CloudNativePG makes.
DATABASE = "app"

# The user of the redis image.
REDIS_USER = 999

# What a cache may fill of its memory; the rest is for connections and copies.
REDIS_SHARE = 0.75


def is_present(site: Site, store: AnyDatastore) -> bool:
    """Whether there is anything to reach on this site."""
    return not isinstance(store, ClusterDatastore) or not site.is_standby or store.storage is None


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
    network = site.cluster.network
    return [{"cidr": str(network.vpc)}] if network is not None and network.vpc is not None else []


def select_store(name: str, store: ClusterDatastore) -> dict[str, str]:
    """The pods of a datastore in the cluster: the operator's own label, or ours."""
    return {"cnpg.io/cluster": name} if store.engine == "postgres" else select_workload(name, name)


def describe_datastores(site: Site) -> Iterator[Record]:
    """Everything of the datastores that run in this cluster."""
    for name, store in sorted(site.environment.datastores.items()):
        if isinstance(store, ClusterDatastore) and is_present(site, store):
            builder = _describe_postgres if store.engine == "postgres" else _describe_redis
            yield from builder(site, str(name), store)


def list_images(site: Site) -> dict[str, str]:
    """Images of datastores by the symbol that stands for them; CloudNativePG's are no container's."""
    return {
        str(name): _find_image(store)
        for name, store in sorted(site.environment.datastores.items())
        if isinstance(store, ClusterDatastore) and store.engine == "redis" and is_present(site, store)
    }


def _find_image(store: ClusterDatastore) -> str:
    return str(store.image or f"{IMAGES[store.engine]}:{store.version}")


def _describe_postgres(site: Site, name: str, store: ClusterDatastore) -> Iterator[Record]:
    secret = f"{name}-credentials"
    if site.environment.secrets is not None:
        data = [_describe_password(site, name)]
        template = {
            "type": "kubernetes.io/basic-auth",
            "metadata": {"labels": {"cnpg.io/reload": "true"}},  # the operator sets a new password at once
            "data": {"username": DATABASE, "password": "{{ .password }}"},
        }
        yield describe_external_secret(site, secret, PART, data, application=name, template=template)
    yield describe(
        site,
        "Cluster",
        name,
        PART,
        application=name,
        image=_find_image(store),
        instances=AVAILABLE_INSTANCES if store.highAvailability else 1,
        database=DATABASE,
        secret=secret if site.environment.secrets is not None else None,
        storage={"size": str(store.storage), "class": name_class(site, store.class_ or DATASTORE_CLASS)},
        resources=describe_resources_of(store.cpu, store.memory) or None,
        pool=describe_pool(site, store.pool) or None,
    )
    yield _describe_policy(site, name, store, _list_operator_rules(site, name))


def _describe_password(site: Site, name: str) -> Facts:
    """Where services look for it too: `ref: <datastore>/credentials`, `key: password`."""
    return {"secretKey": "password", "key": name_remote(site, f"{name}/credentials"), "property": "password"}


def _list_operator_rules(site: Site, name: str) -> Facts:
    """CloudNativePG's instances ask the API server, follow each other, and are watched by the operator."""
    own = [{"pods": {"cnpg.io/cluster": name}}]
    replication = [{"port": port, "protocol": "TCP"} for port in (5432, 8000)]
    return {
        "ingress": [
            {"why": "Its own instances follow each other.", "peers": own, "ports": replication},
            {
                "why": "The operator watches it.",
                "peers": [{"namespace": find_namespace(site, "cloudnative-pg")}],
                "ports": replication,
            },
            *_list_scrape(site, 9187),
        ],
        "egress": [
            {"why": "Its own instances follow each other.", "peers": own, "ports": replication},
            {
                "why": "An instance asks the API server who leads, at an address that no manifest knows.",
                "peers": [],
                "ports": [{"port": port, "protocol": "TCP"} for port in (443, 6443)],
            },
        ],
    }


def _list_scrape(site: Site, port: int) -> list[Facts]:
    namespace = find_monitoring(site)
    ports = [{"port": port, "protocol": "TCP"}]
    return [{"why": "Prometheus scrapes it.", "peers": [{"namespace": namespace}], "ports": ports}] if namespace else []


def _describe_redis(site: Site, name: str, store: ClusterDatastore) -> Iterator[Record]:
    locked = site.environment.secrets is not None
    secret = f"{name}-credentials"
    if locked:
        data = [_describe_password(site, name)]
        users = "user default on >{{ .password }} ~* &* +@all\n"
        template = {"data": {"users.acl": users}}
        yield describe_external_secret(site, secret, PART, data, application=name, template=template)
    port = find_port(store)
    selector = select_workload(name, name)
    yield describe(
        site,
        "StatefulSet",
        name,
        PART,
        application=name,
        labels={LABEL_INSTANCE: name},
        selector=selector,
        headless=name,
        replicas=1,
        claims=_list_claims(site, store),
        pod=_describe_redis_pod(site, name, store, secret if locked else None),
    )
    ports = [{"name": "redis", "port": port, "protocol": "TCP"}]
    yield describe(site, "Service", name, PART, application=name, selector=selector, ports=ports)
    if _list_callers(site, name):
        yield _describe_policy(site, name, store, {"ingress": [], "egress": []})


def _list_claims(site: Site, store: ClusterDatastore) -> list[Facts] | None:
    if store.storage is None:
        return None
    storage = name_class(site, store.class_ or DATASTORE_CLASS)
    return [{"name": "data", "size": str(store.storage), "class": storage, "access": "ReadWriteOnce"}]


def _describe_redis_pod(site: Site, name: str, store: ClusterDatastore, secret: str | None) -> Facts:
    users = {"name": "users", "secret": secret, "items": [{"key": "users.acl", "path": "users.acl"}]}
    volumes: list[Facts] = [users] if secret else []
    mounts = [{"name": "users", "path": "/etc/redis", "readOnly": True}] if secret else []
    if store.storage is None:
        volumes.append({"name": "data", "emptyDir": {}})
    probe = {"tcp": "redis"}
    container = {
        "name": name,
        "image": name,
        "command": ["redis-server"],
        "args": _list_redis_args(store, locked=secret is not None),
        "ports": [{"name": "redis", "port": find_port(store), "protocol": "TCP"}],
        "resources": describe_resources_of(store.cpu, store.memory),
        "probes": {"ready": probe, "live": probe},
        "mounts": [{"name": "data", "path": "/data"}, *mounts],
        "rights": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "labels": select_workload(name, name),
        **describe_pool(site, store.pool),
        "security": {
            "seccomp": "RuntimeDefault",
            "nonRoot": True,
            "user": REDIS_USER,
            "group": REDIS_USER,
            "fsGroup": REDIS_USER,
        },
        "containers": [{key: value for key, value in container.items() if value not in ([], {})}],
        "volumes": volumes,
    }


def _list_redis_args(store: ClusterDatastore, *, locked: bool) -> list[str]:
    """With a disk it keeps a log of writes and refuses more; without it forgets what was used least."""
    args = ["--port", str(find_port(store))]
    if locked:
        args += ["--aclfile", "/etc/redis/users.acl"]
    else:
        args += ["--protected-mode", "no"]
    args += ["--appendonly", "yes"] if store.storage else ["--save", "", "--appendonly", "no"]
    memory = store.memory.limit or store.memory.request if store.memory else None
    if memory is not None:
        args += ["--maxmemory", str(int(memory.bytes * REDIS_SHARE))]
        args += ["--maxmemory-policy", "noeviction" if store.storage else "allkeys-lru"]
    return args


def _describe_policy(site: Site, name: str, store: ClusterDatastore, rules: Facts) -> Record:
    ports = [{"port": find_port(store), "protocol": "TCP"}]
    ingress = [
        {"why": f"{caller} calls it.", "peers": [{"pods": select_service(caller)}], "ports": ports}
        for caller in _list_callers(site, name)
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


def _list_callers(site: Site, name: str) -> list[str]:
    return [caller for caller, service in sorted(site.services.items()) if _calls(service, name)]


def _calls(service: Service, name: str) -> bool:
    return any(getattr(call, "service", None) == name for call in service.calls)
