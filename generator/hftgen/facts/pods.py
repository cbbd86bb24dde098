"""A pod template: what all workload kinds share."""

from collections.abc import Iterator

from hftgen.facts.accounts import WORKLOAD_IDENTITY
from hftgen.facts.aliases import list_aliases
from hftgen.facts.certificates import find_certificate
from hftgen.facts.containers import describe_init, describe_main, describe_sidecar
from hftgen.facts.defaults import count_grace, is_trading
from hftgen.facts.names import HOLDER_LABEL, LABEL_PROJECT, select_workload
from hftgen.facts.record import Facts
from hftgen.facts.scheduling import UNMOVED, describe_scheduling, find_rest
from hftgen.facts.site import Site
from hftgen.facts.volumes import describe_config_files, describe_own, describe_secret_files, list_claims, name_volume
from hftgen.spec.container import ExtraContainer
from hftgen.spec.service import Service

# The group of a pod that is no root and has volumes, where the spec names none: without it a claim belongs to root.
VOLUME_GROUP = 65532

# Where a pod that speaks TLS itself finds tls.crt and tls.key; a renewed one appears in place.
CERTIFICATE = "/etc/certificate"

TMP = "/tmp"  # noqa: S108 - a path inside containers

TRADING_END = "On SIGTERM it cancels its resting orders, logs out and closes its journal; after this it is killed."

MESH_LABEL = "sidecar.istio.io/inject"

UNPRIVILEGED_PORTS = "net.ipv4.ip_unprivileged_port_start"


def describe_pod(site: Site, name: str, service: Service, workload: str, symbol: str) -> Facts:
    """The pod template of one workload of a service. `symbol` stands for the main container's image."""
    extras = _list_extras(service)
    own = list(_collect_own(site, name, service))
    items = {key: list(describe_secret_files(name, f"{name}-{key}", f"{key}-secrets", extras[key])) for key in extras}
    tmp = _describe_tmp(site, service)
    mounts = {key: _add_tmp([*_list_mounts(items[key]), *_share(extras[key])], tmp) for key in extras}
    beside = [describe_sidecar(site, name, key, item, mounts[key]) for key, item in sorted(service.sidecars.items())]
    before = [describe_init(site, name, init, mounts[init.name]) for init in service.init]
    main = describe_main(site, name, service, symbol, _add_tmp(_list_mounts(own), tmp))
    facts = {
        "labels": _describe_labels(site, name, service, workload),
        "annotations": {**service.annotations, **(UNMOVED if find_rest(service) else {})},
        "why": _explain(service),
        "account": name,
        "token": True if service.instances == "activePassive" else None,
        **describe_scheduling(site, name, service, workload),
        "aliases": list_aliases(site, service),
        "security": describe_security(site, service),
        "grace": count_grace(service),
        # Sidecars first: what runs before may need them.
        "init": [*beside, *before],
        "containers": [main],
        "volumes": _list_volumes(
            [*own, *(item for found in items.values() for item in found)], tmp, [*beside, *before, main]
        ),
    }
    return {key: value for key, value in facts.items() if value not in (None, [], {})}


def _explain(service: Service) -> dict[str, str]:
    """Reasons that stand beside fields of the pod, by the field."""
    reasons = {"annotations": find_rest(service), "grace": TRADING_END if is_trading(service) else None}
    return {key: reason for key, reason in reasons.items() if reason}


def describe_security(site: Site, service: Service) -> Facts:
    """The pod's security context.

    Without a section `security` nothing is asked of an image but the runtime's own system call filter: an ordinary
    image may need root. `podSecurity: restricted` asks what the Pod Security Standard of that name does.
    """
    user = service.user
    facts: Facts = {"seccomp": "RuntimeDefault"}
    if site.is_restricted or (user is not None and user.uid):
        facts["nonRoot"] = True
    if user is not None:
        facts |= {"user": user.uid, "group": user.gid, "fsGroup": user.fsGroup}
    if site.is_restricted and facts.get("fsGroup") is None and (list_claims(service) or service.hugepages):
        facts["fsGroup"] = VOLUME_GROUP
    sysctls = {str(key): str(value) for key, value in service.sysctls.items()}
    if site.is_restricted and any(port.target < 1024 for port in service.ports.values()):
        sysctls.setdefault(UNPRIVILEGED_PORTS, "0")
    if sysctls:
        facts["sysctls"] = [{"name": key, "value": value} for key, value in sorted(sysctls.items())]
    return {key: value for key, value in facts.items() if value is not None}


def _describe_labels(site: Site, name: str, service: Service, workload: str) -> dict[str, str]:
    labels = {**service.labels, **select_workload(name, workload), LABEL_PROJECT: site.project}
    # A mesh may inject every pod that does not say no.
    if service.mesh is not None or is_trading(service):
        labels[MESH_LABEL] = "true" if service.mesh else "false"
    if service.identity and service.identity.azure and site.cluster.cloud == "azure":
        labels[WORKLOAD_IDENTITY] = "true"
    labels.pop(HOLDER_LABEL, None)
    return labels


def _list_extras(service: Service) -> dict[str, ExtraContainer]:
    """Init containers and sidecars by name."""
    return {**{str(init.name): init for init in service.init}, **dict(sorted(service.sidecars.items()))}


def _collect_own(site: Site, name: str, service: Service) -> Iterator[Facts]:
    yield from describe_own(name, service)
    yield from describe_config_files(site, name, service)
    yield from describe_secret_files(name, name, name_volume(service, "secret-files"), service)
    yield from _describe_certificate(site, name, service)


def _describe_certificate(site: Site, name: str, service: Service) -> Iterator[Facts]:
    """Behind a load balancer that hands on what it gets, the pod itself shows the certificate of its host."""
    found = find_certificate(site, name, service)
    if found is not None and service.expose is not None and service.expose.via == "loadBalancer":
        volume = name_volume(service, "certificate")
        mounts = [{"name": volume, "path": CERTIFICATE, "readOnly": True}]
        yield {"volume": {"name": volume, "secret": found.secret}, "mounts": mounts}


def _share(container: ExtraContainer) -> Iterator[Facts]:
    """The service's volumes that another container sees too."""
    return ({"name": str(volume), "path": str(path)} for volume, path in sorted(container.mounts.items()))


def _list_mounts(items: list[Facts]) -> list[Facts]:
    return [mount for item in items for mount in item["mounts"]]


def _describe_tmp(site: Site, service: Service) -> Facts | None:
    """Where the root file system is read-only, /tmp is writable for every container that mounts nothing there."""
    return {"name": name_volume(service, "tmp"), "path": TMP} if site.is_restricted else None


def _add_tmp(mounts: list[Facts], tmp: Facts | None) -> list[Facts]:
    taken = any(mount["path"].rstrip("/") == TMP for mount in mounts)
    return mounts if tmp is None or taken else [*mounts, tmp]


def _list_volumes(items: list[Facts], tmp: Facts | None, containers: list[Facts]) -> list[Facts]:
    """The volumes of a pod but for claims that are templates, and /tmp where a container mounts it."""
    volumes = [item["volume"] for item in items if "template" not in item["volume"]]
    used = tmp is not None and any(tmp in container.get("mounts", []) for container in containers)
    return [*volumes, {"name": tmp["name"], "emptyDir": {}}] if used and tmp is not None else volumes
