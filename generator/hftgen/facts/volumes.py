"""Volumes of a pod and where each container finds them: the service's own, its files, secrets, huge pages and /tmp."""

import hashlib
import posixpath
from collections.abc import Iterator, Mapping

from hftgen.facts.configuration import describe_files, name_files
from hftgen.facts.names import name_shards
from hftgen.facts.record import Facts
from hftgen.facts.secrets import is_sharded, name_shard_key
from hftgen.facts.site import Site
from hftgen.spec.container import Container, Secret
from hftgen.spec.service import Service
from hftgen.spec.volume import Claim, Volume

INDEX_FIELD = "metadata.labels['apps.kubernetes.io/pod-index']"

# The variable that holds a pod's ordinal where secrets are mounted by it.
INDEX_VARIABLE = "POD_INDEX"


def describe_own(name: str, service: Service) -> Iterator[Facts]:
    """The volumes that the spec names, huge pages, each `{volume, mounts}`; claims of a StatefulSet are templates."""
    for key, volume in sorted(service.volumes.items()):
        facts = {"name": str(key), **_describe_volume(name, str(key), volume, service)}
        yield {"volume": facts, "mounts": _mount(str(key), str(volume.path))}
    sizes = sorted(service.hugepages)
    for size in sizes:
        key = name_volume(service, f"hugepages-{size.lower()}")
        path = "/dev/hugepages" if len(sizes) == 1 else f"/dev/hugepages-{size}"
        yield {"volume": {"name": key, "emptyDir": {"medium": f"HugePages-{size}"}}, "mounts": _mount(key, path)}


def list_claims(service: Service) -> dict[str, Claim]:
    """The volumes of a service that are claims."""
    return {str(key): volume for key, volume in sorted(service.volumes.items()) if isinstance(volume, Claim)}


def list_kept(service: Service) -> dict[str, Volume]:
    """The volumes that are more than a container's scratch: claims, and what init containers or sidecars see too."""
    shared = {str(key) for each in (*service.init, *service.sidecars.values()) for key in each.mounts}
    return {
        str(key): volume
        for key, volume in sorted(service.volumes.items())
        if isinstance(volume, Claim) or str(key) in shared
    }


def name_volume(service: Service, wanted: str) -> str:
    """A name for a volume of ours that is none of the service's own."""
    while any(key == wanted or key.startswith(f"{wanted}-") for key in service.volumes):
        wanted += "-x"
    return wanted


def describe_config_files(site: Site, name: str, service: Service) -> Iterator[Facts]:
    """Files from the ConfigMap, each mounted alone: a mounted folder would hide what the image has there."""
    found = describe_files(name, service.files, site.files)
    if not found:
        return
    volume = name_volume(service, "config-files")
    config = name_files(name, {file["name"]: file["text"] for file in found})
    mounts = [{"name": volume, "path": file["path"], "subPath": file["name"], "readOnly": True} for file in found]
    yield {"volume": {"name": volume, "configMap": config}, "mounts": mounts}


def name_index(container: Container) -> str:
    """The variable of a container that holds its pod's ordinal: one that the spec names, or our own."""
    named = (
        str(name) for name, value in sorted(container.config.items()) if getattr(value, "field", "") == INDEX_FIELD
    )
    return next(named, INDEX_VARIABLE)


def describe_secret_files(name: str, owner: str, prefix: str, container: Container) -> Iterator[Facts]:
    """Secrets as files: a folder each, so that a rotated one appears in place; a shard's own one by the pod's index."""
    folders: dict[str, list[str]] = {}
    shards: list[Facts] = []
    for key, secret in sorted(container.secrets.items()):
        if secret.mount is None:
            continue
        if is_sharded(secret):
            shards.append(_mount_shard(prefix, str(key), secret.mount, name_index(container)))
        else:
            folders.setdefault(secret.mount, []).append(key)
    names = _name_folders(prefix, sorted(folders))
    for folder, keys in sorted(folders.items()):
        items = [{"key": key, "path": key} for key in keys]
        volume = {"name": names[folder], "secret": owner, "items": items}
        yield {"volume": volume, "mounts": [{"name": names[folder], "path": folder, "readOnly": True}]}
    if shards:
        yield {"volume": {"name": f"{prefix}-shards", "secret": name_shards(name)}, "mounts": shards}


def has_shard_files(secrets: Mapping[str, Secret]) -> bool:
    """Whether a container mounts files by its ordinal, and so needs INDEX_VARIABLE."""
    return any(secret.mount is not None and is_sharded(secret) for secret in secrets.values())


def _describe_volume(name: str, key: str, volume: Volume, service: Service) -> Facts:
    if isinstance(volume, Claim):
        # A StatefulSet makes a claim for each pod from its template; other workloads share one.
        return {"template": True} if service.workload == "stateful" else {"claim": f"{name}-{key}"}
    medium = {"medium": "Memory"} if volume.emptyDir == "memory" else {}
    limit = {} if volume.size is None else {"sizeLimit": str(volume.size)}
    return {"emptyDir": medium | limit}


def _mount(name: str, path: str) -> list[Facts]:
    return [{"name": name, "path": path}]


def _mount_shard(prefix: str, key: str, folder: str, index: str) -> Facts:
    # No list of keys stands in the pod template: one more shard must not restart the others.
    return {
        "name": f"{prefix}-shards",
        "path": posixpath.join(folder, key),
        "subPathExpr": name_shard_key(key, f"$({index})"),
        "readOnly": True,
    }


def _name_folders(prefix: str, folders: list[str]) -> dict[str, str]:
    """A volume's name for each folder: its last part, or a hash where two folders share it."""
    names: dict[str, str] = {}
    for folder in folders:
        last = posixpath.basename(folder.rstrip("/")).lower()
        shared = sum(posixpath.basename(other.rstrip("/")).lower() == last for other in folders) > 1
        plain = last.replace("-", "").isascii() and last.replace("-", "").isalnum() and not last.endswith("-")
        tail = last if plain and not shared else hashlib.sha256(folder.encode()).hexdigest()[:8]
        names[folder] = f"{prefix}-{tail}"
    return names
