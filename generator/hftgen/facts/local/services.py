"""Containers of services on one machine: what a pod would say, in Compose's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from hftgen.facts.configuration import describe_files
from hftgen.facts.defaults import count_desired, count_grace
from hftgen.facts.images import split_image
from hftgen.facts.local.gates import describe_gate
from hftgen.facts.local.names import Kept, Names
from hftgen.facts.local.variables import FIRST, Vault, describe_variables, escape, name_variable
from hftgen.facts.names import name_headless, name_ordinal
from hftgen.facts.recipes import is_built
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.volumes import list_kept
from hftgen.spec.container import Container
from hftgen.spec.service import Service
from hftgen.spec.units import Memory
from hftgen.spec.volume import Claim

JOBS = "jobs"
"""The profile of what runs to its end: it starts only when it is asked for."""

MI = 2**20


def describe_service(site: Site, name: str, vault: Vault, built: Mapping[str, str], kept: Kept) -> Facts:
    """What _describe_container says, and `{build, aliases, profile, gate, grace, files, volumes, before, beside}`.

    `built` are the folders of Dockerfiles by the image that they make; `kept` names files and volumes.
    """
    service = site.services[name]
    own = _describe_container(site, name, name, service, vault)
    facts = {
        **own,
        "build": built.get(split_image(str(service.image))["repository"]) if is_built(site, service) else None,
        "aliases": _list_aliases(site, name, service),
        "profile": JOBS if service.workload in ("job", "cron") else None,
        "gate": describe_gate(service),
        "grace": count_grace(service),
        "files": [
            {
                "name": kept.configs.take(f"{name}-{file['name']}"),
                "path": escape(file["path"]),
                "content": escape(file["text"]),
            }
            for file in describe_files(name, service.files, site.files)
        ],
        "volumes": list(_list_volumes(name, service, kept.volumes)),
        "before": [
            {"name": str(init.name), **_describe_container(site, name, f"{name}-{init.name}", init, vault)}
            for init in service.init
        ],
        "beside": [
            {"name": str(key), **_describe_container(site, name, f"{name}-{key}", sidecar, vault)}
            for key, sidecar in sorted(service.sidecars.items())
        ],
    }
    return _drop_empty(facts)


def _describe_container(site: Site, name: str, owner: str, container: Container, vault: Vault) -> Facts:
    user = getattr(container, "user", None)
    uid, gid = (user.uid, user.gid) if user is not None else (None, None)
    return _drop_empty(
        {
            "image": str(container.image),
            "command": [escape(str(part)) for part in container.command],
            "args": [escape(str(part)) for part in container.args],
            "variables": describe_variables(site, name, container, vault),
            "secrets": list(_list_secret_files(container, vault)),
            "user": None if uid is None else f"{uid}:{uid if gid is None else gid}",
            "locked": site.is_restricted,
            "limits": _describe_limits(owner, container),
            "mounts": {str(key): escape(str(path)) for key, path in getattr(container, "mounts", {}).items()},
        }
    )


def _list_secret_files(container: Container, vault: Vault) -> Iterator[Facts]:
    for key, secret in sorted(container.secrets.items()):
        if secret.mount is not None:
            yield {"variable": vault.find(secret), "path": escape(f"{str(secret.mount).rstrip('/')}/{key}")}


def _describe_limits(owner: str, container: Container) -> Facts:
    """`{cpus, memory}` and the variables that change them: a laptop may have fewer processors than a pod asks for."""
    facts: Facts = {}
    if container.cpu is not None and (cpu := container.cpu.limit or container.cpu.request):
        facts |= {"cpus": f"{cpu.millicores / 1000:g}", "cpusVariable": name_variable(owner, "cpus")}
    if container.memory is not None and (memory := container.memory.limit or container.memory.request):
        facts |= {"memory": write_bytes(memory), "memoryVariable": name_variable(owner, "memory")}
    return facts


def write_bytes(amount: Memory) -> str:
    """Bytes as Compose takes them: `512m` are mebibytes."""
    return f"{amount.bytes // MI}m" if amount.bytes % MI == 0 else f"{amount.bytes}b"


def _list_aliases(site: Site, name: str, service: Service) -> list[str]:
    """The names by which pods find it in a cluster; its own name it has already."""
    hosts = [name]
    if service.workload == "stateful":
        pods = [name_ordinal(name, ordinal) for ordinal in range(count_desired(service))]
        hosts += [pods[int(FIRST)], f"{pods[int(FIRST)]}.{name_headless(name)}"] if pods else []
    domains = [f"{site.namespace}.svc", f"{site.namespace}.svc.cluster.local"]
    return [host for host in (*hosts, *(f"{host}.{domain}" for host in hosts for domain in domains)) if host != name]


def _list_volumes(name: str, service: Service, names: Names) -> Iterator[Facts]:
    """`{key, path, volume}` of what outlives a container or is shared, `{key, path, size}` of what is memory."""
    kept = list_kept(service)
    for key, volume in sorted(service.volumes.items()):
        facts: Facts = {"key": str(key), "path": escape(str(volume.path))}
        if isinstance(volume, Claim) or str(key) in kept:
            yield {**facts, "volume": names.take(f"{name}-{key}")}
        else:
            yield {**facts, **({} if volume.size is None else {"size": write_bytes(volume.size)})}


def _drop_empty(facts: Mapping[str, Any]) -> Facts:
    return {key: value for key, value in facts.items() if value not in (None, [], {}, False)}
