"""The containers of a pod: image by a symbolic name, variables, ports, resources, probes, mounts, rights."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hftgen.facts.configuration import describe_variables, name_config, split_config
from hftgen.facts.defaults import count_drain, is_trading
from hftgen.facts.probes import describe_probes
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.volumes import INDEX_FIELD, has_shard_files, name_index
from hftgen.spec.container import Container, CpuResource, Init, MemoryResource, Sidecar
from hftgen.spec.ports import PortSpec, find_listener
from hftgen.spec.service import Service
from hftgen.spec.units import HugePageSize, Memory

NO_PAGES: Mapping[HugePageSize, Memory] = MappingProxyType({})


def describe_main(site: Site, name: str, service: Service, symbol: str, mounts: Iterable[Facts]) -> Facts:
    """The service's own container; `symbol` stands for its image until the overlay names it."""
    patient = is_trading(service)
    facts = {
        "ports": describe_ports(service.ports),
        "resources": describe_resources(service, service.hugepages),
        "probes": describe_probes(service.probes, service.ports, service.default_port, patient=patient),
        "drain": count_drain(site, service),
        "mounts": list(mounts),
    }
    return _fill(site, {"name": name, "image": symbol, **_describe_common(name, service), **facts})


def describe_init(site: Site, name: str, init: Init, mounts: Iterable[Facts]) -> Facts:
    """A container that runs to its end before the service starts."""
    owner = f"{name}-{init.name}"
    facts = {"resources": describe_resources(init), "mounts": list(mounts)}
    return _fill(site, {"name": str(init.name), "image": owner, **_describe_common(owner, init), **facts})


def describe_sidecar(site: Site, name: str, key: str, sidecar: Sidecar, mounts: Iterable[Facts]) -> Facts:
    """A container beside: Kubernetes starts it before the others and stops it after them."""
    owner = f"{name}-{key}"
    facts = {
        "restartPolicy": "Always",
        "ports": describe_ports(sidecar.ports),
        "resources": describe_resources(sidecar),
        "probes": describe_probes(sidecar.probes, sidecar.ports, _find_default(sidecar)),
        "mounts": list(mounts),
    }
    return _fill(site, {"name": key, "image": owner, **_describe_common(owner, sidecar), **facts})


def _describe_common(owner: str, container: Container) -> Facts:
    """Command and variables. Variables without references come from a ConfigMap, the rest stands in a good order."""
    said = {"command": container.command, "args": container.args}
    data, _ = split_config(container.config)
    env = describe_variables(container.config, container.secrets, owner)
    index = name_index(container)
    if has_shard_files(container.secrets) and index not in container.config:
        env = [{"name": index, "field": INDEX_FIELD}, *env]
    return {
        **{key: [str(part) for part in value] for key, value in said.items()},
        "envFrom": [name_config(owner, data)] if data else [],
        "env": env,
    }


def _find_default(sidecar: Sidecar) -> str | None:
    """The port that a sidecar's HTTP probes mean: http, or its only one."""
    return "http" if "http" in sidecar.ports else next(iter(sidecar.ports), None)


def describe_ports(ports: Mapping[str, PortSpec]) -> list[Facts]:
    """Ports that the container listens on, by name, each number once: a server-side apply refuses it twice."""
    return [
        {"name": str(name), "port": port.target, "protocol": port.protocol}
        for name, port in sorted(ports.items())
        if find_listener(ports, str(name)) == name
    ]


def describe_resources(container: Container, hugepages: Mapping[HugePageSize, Memory] = NO_PAGES) -> Facts:
    """`{requests, limits}` of what the spec says. A request left out is the limit; huge pages are always both."""
    return describe_resources_of(container.cpu, container.memory, hugepages)


def describe_resources_of(
    cpu: CpuResource | None, memory: MemoryResource | None, hugepages: Mapping[HugePageSize, Memory] = NO_PAGES
) -> Facts:
    """As describe_resources, of the parts."""
    pages = {f"hugepages-{size}": str(amount) for size, amount in sorted(hugepages.items())}
    said = {"cpu": cpu, "memory": memory}
    requests = {key: str(item.request or item.limit) for key, item in said.items() if item is not None}
    limits = {key: str(item.limit) for key, item in said.items() if item is not None and item.limit is not None}
    facts = {"requests": requests | pages, "limits": limits | pages}
    return {key: amounts for key, amounts in facts.items() if amounts}


def _fill(site: Site, container: Facts) -> Facts:
    """The container without empty facts, with the rights that the namespace's Pod Security allows."""
    if site.is_restricted:
        container["rights"] = {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    return {key: value for key, value in container.items() if value not in (None, [], {})}
