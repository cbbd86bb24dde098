"""What every container has: image, command, resources, configuration and secrets. And init and sidecar containers."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, Tag

from hftgen.spec.pool import exceeds
from hftgen.spec.ports import PortSpec
from hftgen.spec.probe import Probes
from hftgen.spec.section import Breach, Fork, Kind, RuledSection, Section
from hftgen.spec.units import (
    Cpu,
    EnvName,
    FileName,
    ImageRef,
    Memory,
    Name,
    Path,
    Pause,
    PortName,
    SecretRef,
    Text,
    UserId,
)
from hftgen.spec.units.text import NONE, Grammar


class FieldPath(Grammar):
    """What Kubernetes offers of a pod to an environment variable."""

    __slots__ = ()
    words = "a field that Kubernetes offers of a pod"
    pattern = (
        r"^(metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['[A-Za-z0-9][-A-Za-z0-9_./]*'\]"
        r"|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$"
    )
    examples = ("status.podIP", "metadata.labels['apps.kubernetes.io/pod-index']")
    longest = 400
    also = NONE


class ResourcePath(Grammar):
    """What Kubernetes offers of a container to an environment variable."""

    __slots__ = ()
    words = "limits or requests, '.', and cpu, memory, ephemeral-storage or hugepages-<size>"
    pattern = r"^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-(2Mi|1Gi))$"
    examples = ("limits.cpu",)
    also = NONE


class FromField(Kind):
    """A variable whose value is a field of the pod."""

    KIND = "field"
    field: FieldPath = Field(description="The pod's field.", examples=["status.podIP"])


class FromResource(Kind):
    """A variable whose value is a resource of the container."""

    KIND = "resource"
    resource: ResourcePath = Field(description="The container's resource.", examples=["limits.cpu"])


def _pick_source(value: Any) -> str | None:
    if isinstance(value, dict):
        found = [name for name in ("field", "resource") if name in value]
        return f"({found[0]})" if len(found) == 1 else None
    if isinstance(value, Kind):
        return f"({value.KIND})"
    return "(text)" if isinstance(value, str) else None


ConfigValue = Annotated[
    Annotated[Text, Tag("(text)")] | Annotated[FromField, Tag("(field)")] | Annotated[FromResource, Tag("(resource)")],
    Fork(_pick_source, "is no value of an environment variable", "text, {field: ...} or {resource: ...}"),
]


class Resource(RuledSection):
    """What a container asks for, and what it may use at most."""

    def breaches(self) -> Iterator[Breach]:
        """A request or a limit is said, and the request is within the limit."""
        request, limit = getattr(self, "request", None), getattr(self, "limit", None)
        if request is None and limit is None:
            yield Breach((), "says neither request nor limit", "a request, a limit, or both")
        if exceeds(request, limit):
            yield Breach(("request",), "is more than the limit", f"at most {limit}")


class CpuResource(Resource):
    """CPUs; `cpu: 2` is request = limit."""

    request: Cpu | None = Field(None, description="CPUs set aside for it. Left out: the limit.", examples=["200m"])
    limit: Cpu | None = Field(None, description="CPUs it may use at most. Left out: no limit.", examples=["300m"])


class MemoryResource(Resource):
    """Bytes; `memory: 4Gi` is request = limit."""

    request: Memory | None = Field(None, description="Bytes set aside for it. Left out: the limit.", examples=["64Mi"])
    limit: Memory | None = Field(None, description="Bytes it may use at most. Left out: no limit.", examples=["128Mi"])


class User(Section):
    """The ids under which the processes run. 0 is root, which `security.podSecurity: restricted` refuses."""

    uid: UserId | None = Field(None, description="User id. Left out: as the tier's policy says.", examples=[10001])
    gid: UserId | None = Field(None, description="Group id. Left out: the user's.", examples=[10001])
    fsGroup: UserId | None = Field(
        None, description="Group that owns the volumes. Left out: the group.", examples=[10001]
    )


class Secret(Section):
    """One secret: an environment variable, or with `mount` a file."""

    ref: SecretRef = Field(
        description="Where it lies below the environment's path; {ordinal} stands for the shard. "
        "A datastore's credential has a ref below its name.",
        examples=["database/credentials"],
    )
    key: FileName = Field(description="The key within the secret.", examples=["password"])
    rotate: Pause = Field(
        Pause("manual"), description="How often it is renewed, or manual. Left out: manual.", examples=["30d"]
    )
    mount: Path | None = Field(
        None,
        description="The folder in which it is a file. Left out: it is an environment variable.",
        examples=["/etc/tls"],
    )


class Container(RuledSection):
    """What a service, an init container and a sidecar have in common."""

    image: ImageRef = Field(
        description="The image; in production with its digest.", examples=["registry.example.com/hft/example:v1.0.0"]
    )
    command: tuple[Text, ...] = Field(
        (), description="Replaces the image's entry point. Left out: the image's.", examples=[["/bin/example"]]
    )
    args: tuple[Text, ...] = Field(
        (), description="Arguments of the entry point. Left out: the image's.", examples=[["--listen", ":8080"]]
    )
    cpu: CpuResource | None = Field(
        None, description="CPUs. `cpu: 2` is request = limit. Left out: nothing is set.", examples=["2", "500m"]
    )
    memory: MemoryResource | None = Field(
        None,
        description="Memory in bytes. `memory: 4Gi` is request = limit. Left out: nothing is set.",
        examples=["4Gi"],
    )
    config: dict[Annotated[str, EnvName], ConfigValue] = Field(
        default_factory=dict,
        description="Environment variables: text, or a field of the pod, or a resource of the container.",
        examples=[{"LOG_LEVEL": "info", "POD_IP": {"field": "status.podIP"}}],
    )
    secrets: dict[Annotated[str, FileName], Secret] = Field(
        default_factory=dict,
        description="Secrets by the name of the environment variable, or of the file where `mount` is said.",
        examples=[{"TOKEN": {"ref": "example/token", "key": "token"}}],
    )

    def breaches(self) -> Iterator[Breach]:
        """A secret without a mount is named as an environment variable is, and not set in `config` too."""
        for name, secret in self.secrets.items():
            if secret.mount is None:
                yield from self._break_variable(name)

    def _break_variable(self, name: str) -> Iterator[Breach]:
        try:
            EnvName.parse(name)
        except ValueError:
            yield Breach(
                ("secrets", name),
                f"{name} cannot name an environment variable",
                EnvName.words,
                "a file has a mount",
                name,
            )
        if name in self.config:
            yield Breach(("secrets", name), f"{name} is set in config too", "one of them", found=name)


class ExtraContainer(Container):
    """An init container or a sidecar."""

    mounts: dict[Annotated[str, Name], Path] = Field(
        default_factory=dict,
        description="Volumes of the service that this container sees too, and where.",
        examples=[{"journal": "/journal"}],
    )


class Init(ExtraContainer):
    """A container that runs to its end before the service starts."""

    name: Name = Field(description="The container's name.", examples=["migrate"])


class Sidecar(ExtraContainer):
    """A container that runs beside the service's own."""

    ports: dict[Annotated[str, PortName], PortSpec] = Field(
        default_factory=dict, description="Ports by name. `admin: 9901` is port = target.", examples=[{"admin": 9901}]
    )
    probes: Probes = Field(default_factory=Probes, description="Health checks. Left out: none.")
