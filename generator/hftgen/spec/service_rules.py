"""Rules inside one service: what Kubernetes would refuse, and fields that have no meaning together."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from hftgen.spec.pool import break_pages
from hftgen.spec.probe import GrpcProbe, HttpProbe, Probes, TcpProbe
from hftgen.spec.section import Breach, repeated

if TYPE_CHECKING:
    from hftgen.spec.service import Service

CRON_FIELDS = ("schedule", "timeZone", "concurrency", "deadline", "history")
SELECTORS = frozenset(
    (
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
        "apps.kubernetes.io/pod-index",
        "statefulset.kubernetes.io/pod-name",
        "controller-revision-hash",
        "pod-template-hash",
        "rollouts-pod-template-hash",
    )
)
FIXED = ("workload", "latency", "instances", "clusters")
MEBIBYTE = 2**20


def break_workload(service: "Service") -> Iterator[Breach]:
    """`instances` belongs to stateful services and must be said there."""
    if service.workload == "stateful" and service.instances is None:
        yield Breach(
            ("instances",),
            "is missing: a stateful service says how many may act at once",
            "single, sharded or activePassive",
        )
    if service.workload != "stateful" and service.instances is not None:
        yield Breach(("instances",), f"has no meaning for a {service.workload} service", "workload: stateful")


def break_cron(service: "Service") -> Iterator[Breach]:
    """A cron service needs its schedule; no other has one."""
    if service.workload == "cron":
        if service.schedule is None:
            yield Breach(
                ("schedule",), "is missing: a cron service says when it runs", "a cron schedule of five fields"
            )
        return
    for name in CRON_FIELDS:
        if getattr(service, name) is not None:
            yield Breach((name,), f"has no meaning for a {service.workload} service", "workload: cron")


def break_batch(service: "Service") -> Iterator[Breach]:
    """Jobs end: nobody routes to them, scales them or keeps some of them up."""
    if service.workload in ("job", "cron"):
        for name in ("autoscale", "expose", "disruption"):
            if getattr(service, name) is not None:
                yield Breach((name,), f"has no meaning for a {service.workload}: it ends")


def break_replicas(service: "Service") -> Iterator[Breach]:
    """`replicas` and `autoscale` are two answers to one question; an autoscaler's percentages are of the requests."""
    if service.autoscale is None:
        return
    if service.replicas is not None:
        yield Breach(("autoscale",), "stands beside replicas", "one of them")
    for name in ("cpu", "memory"):
        if getattr(service.autoscale, name) is not None and getattr(service, name) is None:
            yield Breach(
                ("autoscale", name), "is a percentage of a request that is not said", f"{name} for the service"
            )


def break_release(service: "Service") -> Iterator[Breach]:
    """Canary, blue-green and A/B need a stateless workload; surge and partition exclude each other by workload."""
    release = service.release
    if service.workload != "stateless" and release.strategy != "rolling":
        stateful = service.workload == "stateful"
        why = "two versions would act on its state at once" if stateful else "nobody sends it traffic to shift"
        hint = "a stateful service is released by partition" if stateful else ""
        path = ("release", f"({release.strategy})", "strategy")
        yield Breach(path, f"cannot release a {service.workload} service: {why}", "rolling", hint)
    if release.strategy != "rolling":
        return
    if release.partition is not None and service.workload != "stateful":
        yield Breach(
            ("release", "(rolling)", "partition"),
            "counts ordinals, which only a stateful service has",
            "workload: stateful",
        )
    if release.maxSurge is not None and service.workload != "stateless":
        yield Breach(("release", "(rolling)", "maxSurge"), "needs pods that may run twice", "workload: stateless")
    if release.maxUnavailable is not None and service.workload != "stateless":
        how = "its pods are replaced one by one" if service.workload == "stateful" else "it ends"
        yield Breach(
            ("release", "(rolling)", "maxUnavailable"), f"has no meaning for a {service.workload} service: {how}"
        )


def break_ports(service: "Service") -> Iterator[Breach]:
    """A Service offers each number once; the containers of a pod share one network and one set of port names."""
    offered: dict[tuple[int, str], str] = {}
    for name, port in service.ports.items():
        first = offered.setdefault((port.port, port.protocol), name)
        if first != name:
            yield Breach(("ports", name, "port"), f"is the port of {first} too", "a number of its own")
    listening = {(port.target, port.protocol): "the service" for port in service.ports.values()}
    names = dict.fromkeys(service.ports, "the service")
    for owner, sidecar in service.sidecars.items():
        for name, port in sidecar.ports.items():
            path = ("sidecars", owner, "ports", name)
            other = listening.setdefault((port.target, port.protocol), owner)
            if other != owner:
                yield Breach((*path, "target"), f"is listened on by {other} too", "a number of its own")
            if names.setdefault(name, owner) != owner:
                yield Breach(path, f"{name} is a port of {names[name]} too", "a name of its own", found=name)


def break_port_names(service: "Service") -> Iterator[Breach]:
    """Probes, routes and metrics name ports that exist, or leave no doubt which is meant."""
    yield from _break_probes(service.probes, service.ports, ("probes",), service.default_port)
    for owner, sidecar in service.sidecars.items():
        only = next(iter(sidecar.ports)) if len(sidecar.ports) == 1 else None
        default = "http" if "http" in sidecar.ports else only
        yield from _break_probes(sidecar.probes, sidecar.ports, ("sidecars", owner, "probes"), default)
    if service.expose:
        yield from _break_name(service.expose.port, service.ports, ("expose", "port"), service.default_port)
    if service.metrics and service.metrics.port:
        yield from _break_name(service.metrics.port, service.ports, ("metrics", "port"), None)


def _break_probes(
    probes: Probes, ports: dict[Any, Any], path: tuple[str, ...], default: str | None
) -> Iterator[Breach]:
    for name in ("ready", "live", "startup"):
        probe = getattr(probes, name)
        if isinstance(probe, HttpProbe):
            yield from _break_name(probe.port, ports, (*path, name, "port"), default)
        elif isinstance(probe, (TcpProbe, GrpcProbe)):
            yield from _break_name(getattr(probe, probe.KIND), ports, (*path, name, probe.KIND), default)


def _break_name(
    name: str | None, ports: dict[Any, Any], path: tuple[str, ...], default: str | None
) -> Iterator[Breach]:
    known = ", ".join(ports) or "there are none"
    if name is None and default is None:
        yield Breach(path, "is missing, and the ports do not say which is meant", f"one of `ports`: {known}")
    elif name is not None and name not in ports:
        yield Breach(path, "is no port of the service", f"one of `ports`: {known}", found=name)


def break_names(service: "Service") -> Iterator[Breach]:
    """Containers of a pod have names of their own, and mount volumes that exist."""
    names = [container.name for container in service.init]
    for index in repeated(list(names)):
        yield Breach(("init", index, "name"), "is used twice")
    for name in service.sidecars:
        if name in names:
            yield Breach(("sidecars", name), f"{name} is an init container's name too", "a name of its own", found=name)
    extra: list[tuple[tuple[str | int, ...], Any]] = [
        (("init", index), item) for index, item in enumerate(service.init)
    ]
    extra += [(("sidecars", name), item) for name, item in service.sidecars.items()]
    for path, container in extra:
        for volume in container.mounts:
            if volume not in service.volumes:
                known = ", ".join(service.volumes) or "there are none"
                yield Breach(
                    (*path, "mounts", volume),
                    f"{volume} is no volume of the service",
                    f"one of `volumes`: {known}",
                    found=volume,
                )


def break_mounts(service: "Service") -> Iterator[Breach]:
    """No two things are mounted at one path, and nothing at `/`."""
    places: list[tuple[tuple[str, ...], str]] = [
        (("volumes", name, "path"), volume.path) for name, volume in service.volumes.items()
    ]
    places += [(("files", name, "path"), file.path) for name, file in service.files.items() if file.path]
    taken: dict[str, str] = {}
    for path, place in places:
        first = taken.setdefault(place, ".".join(path[:2]))
        if place == "/":
            yield Breach(path, "would hide the whole image", "a path below /")
        elif first != ".".join(path[:2]):
            yield Breach(path, f"is mounted by {first} too", "a path of its own")
    for name, secret in service.secrets.items():
        if secret.mount in taken or secret.mount == "/":
            yield Breach(
                ("secrets", name, "mount"),
                f"is mounted by {taken.get(str(secret.mount), 'the image')} too",
                "a folder of its own",
            )


def break_resources(service: "Service") -> Iterator[Breach]:
    """Huge pages come in whole pages, and only beside CPU or memory."""
    yield from break_pages(service.hugepages)
    if service.hugepages and service.cpu is None and service.memory is None:
        yield Breach(("hugepages",), "are refused by Kubernetes where neither cpu nor memory is said", "cpu and memory")


def break_labels(service: "Service") -> Iterator[Breach]:
    """Labels that selectors and controllers use are not for people."""
    for key in service.labels:
        if key in SELECTORS:
            yield Breach(("labels", key), f"{key} is set by hftgen or Kubernetes", "a key of your own", found=key)
    size = sum(len(key.encode()) + len(value.encode()) for key, value in service.annotations.items())
    if size > 256 * 1024:
        yield Breach(("annotations",), "are larger than Kubernetes allows", "256 KiB together", found=f"{size} bytes")


def break_files(service: "Service") -> Iterator[Breach]:
    """A ConfigMap holds 1 MiB."""
    size = sum(len(getattr(file, "content", "").encode()) for file in service.files.values())
    if size >= MEBIBYTE:
        yield Breach(("files",), "are larger than a ConfigMap holds", "less than 1 MiB together", found=f"{size} bytes")


def break_overrides(service: "Service") -> Iterator[Breach]:
    """A cluster's overrides do not change what the service is."""
    for cluster, fields in service.clusters.items():
        for name in FIXED:
            if name in fields:
                yield Breach(("clusters", cluster, name), "is the same on every cluster", "the service's own field")
        release, ports = fields.get("release"), fields.get("ports")
        if isinstance(release, dict) and release.get("strategy", service.release.strategy) != service.release.strategy:
            yield Breach(
                ("clusters", cluster, "release", "strategy"), "is the same on every cluster", service.release.strategy
            )
        if isinstance(ports, dict):
            for port in ports:
                if port not in service.ports:
                    yield Breach(
                        ("clusters", cluster, "ports", port),
                        f"{port} is a port on no other cluster",
                        "the service's port names",
                        found=port,
                    )


RULES: tuple[Callable[["Service"], Iterator[Breach]], ...] = (
    break_workload,
    break_cron,
    break_batch,
    break_replicas,
    break_release,
    break_ports,
    break_port_names,
    break_names,
    break_mounts,
    break_resources,
    break_labels,
    break_files,
    break_overrides,
)
