"""Redis: one instance by a StatefulSet, without a second that would have to follow it."""

from collections.abc import Iterator

from hftgen.facts.containers import describe_resources_of
from hftgen.facts.defaults import DATASTORE
from hftgen.facts.names import LABEL_INSTANCE, select_workload
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.scheduling import describe_pool, name_priority
from hftgen.facts.secrets import describe_external_secret
from hftgen.facts.site import Site
from hftgen.facts.storage import DATASTORE_CLASS, describe_disk
from hftgen.facts.stores import PART, describe_password, describe_policy, find_port, list_callers
from hftgen.spec.datastore import ClusterDatastore

# The user of the image.
USER = 999

# What it may fill of its memory; the rest is for connections and copies.
SHARE = 0.75


def describe_redis(site: Site, name: str, store: ClusterDatastore) -> Iterator[Record]:
    """A StatefulSet, its Service, its password, and its policy."""
    locked = site.environment.secrets is not None
    secret = f"{name}-credentials"
    if locked:
        data = [describe_password(site, name)]
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
        pod=_describe_pod(site, name, store, secret if locked else None),
    )
    ports = [{"name": "redis", "port": port, "protocol": "TCP"}]
    yield describe(site, "Service", name, PART, application=name, selector=selector, ports=ports)
    if list_callers(site, name):
        yield describe_policy(site, name, store, {"ingress": [], "egress": []})


def _list_claims(site: Site, store: ClusterDatastore) -> list[Facts] | None:
    if store.storage is None:
        return None
    disk = describe_disk(site, store.storage, store.class_ or DATASTORE_CLASS, store.pool)
    return [{"name": "data", **disk, "access": "ReadWriteOnce"}]


def _describe_pod(site: Site, name: str, store: ClusterDatastore, secret: str | None) -> Facts:
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
        "args": _list_args(store, locked=secret is not None),
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
        "priorityClass": name_priority(site, DATASTORE),
        "security": {
            "seccomp": "RuntimeDefault",
            "nonRoot": True,
            "user": USER,
            "group": USER,
            "fsGroup": USER,
        },
        "containers": [{key: value for key, value in container.items() if value not in ([], {})}],
        "volumes": volumes,
    }


def _list_args(store: ClusterDatastore, *, locked: bool) -> list[str]:
    """With a disk it keeps a log of writes and refuses more; without it forgets what was used least."""
    args = ["--port", str(find_port(store))]
    if locked:
        args += ["--aclfile", "/etc/redis/users.acl"]
    else:
        args += ["--protected-mode", "no"]
    args += ["--appendonly", "yes"] if store.storage else ["--save", "", "--appendonly", "no"]
    memory = store.memory.limit or store.memory.request if store.memory else None
    if memory is not None:
        args += ["--maxmemory", str(int(memory.bytes * SHARE))]
        args += ["--maxmemory-policy", "noeviction" if store.storage else "allkeys-lru"]
    return args
