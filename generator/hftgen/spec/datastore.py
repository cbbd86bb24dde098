"""`datastores`: databases and caches, in the cluster, managed by the cloud, or somewhere else."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.container import CpuResource, MemoryResource
from hftgen.spec.section import Breach, RuledSection, kinds_by
from hftgen.spec.units import (
    Boolean,
    ClusterName,
    Host,
    ImageRef,
    Line,
    Memory,
    Name,
    PoolName,
    Port,
    ResourceName,
    Version,
)


class Datastore(RuledSection):
    """What all datastores have."""

    version: Version = Field(description="The engine's version.", examples=["16"])
    port: Port | None = Field(None, description="Its port. Left out: the engine's usual one.", examples=[5432])


class OwnDatastore(Datastore):
    """A datastore that this environment brings up."""

    engine: Literal["postgres", "redis"] = Field(description="What it is.", examples=["postgres"])
    storage: Memory | None = Field(
        None,
        description="Size of its disk in bytes; postgres needs one. Left out: it keeps nothing.",
        examples=["100Gi"],
    )
    highAvailability: Boolean = Field(
        default=False, description="Whether it survives the loss of a machine. Left out: false.", examples=[True]
    )
    addresses: dict[Annotated[str, ClusterName], Host] = Field(
        default_factory=dict,
        description="The name under which it answers outside its cluster, by cluster: where a standby follows it, or "
        "where the cloud has put it. Left out: <name>.<cluster>.<environment>.<dns.zone>.",
        examples=[{"aws-use1": "database.aws-use1.example.com"}],
    )

    def breaches(self) -> Iterator[Breach]:
        """A postgres that is brought up here has storage."""
        if self.engine == "postgres" and self.storage is None:
            yield Breach(("storage",), "is missing: a database keeps its data", "an amount of bytes, such as 100Gi")


class ClusterDatastore(OwnDatastore):
    """A datastore that runs in the cluster."""

    placement: Literal["cluster"] = Field(description="In the cluster.", examples=["cluster"])
    pool: PoolName | None = Field(
        None,
        description="The pool on which it runs. Left out: the cluster's only pool without pinning.",
        examples=["general"],
    )
    cpu: CpuResource | None = Field(
        None, description="CPUs. `cpu: 2` is request = limit. Left out: nothing is set.", examples=["2"]
    )
    memory: MemoryResource | None = Field(
        None,
        description="Memory in bytes. `memory: 8Gi` is request = limit. Left out: nothing is set.",
        examples=["8Gi"],
    )
    class_: ResourceName | None = Field(
        None,
        alias="class",
        description="fast, standard, or a StorageClass of the cluster. Left out: fast.",
        examples=["fast"],
    )
    image: ImageRef | None = Field(
        None, description="The image. Left out: the engine's usual one.", examples=["docker.io/library/redis:7.4"]
    )

    def breaches(self) -> Iterator[Breach]:
        """A postgres that is brought up here has storage; a redis in the cluster is one pod."""
        yield from super().breaches()
        if self.engine == "redis" and self.highAvailability:
            yield Breach(
                ("highAvailability",),
                "a redis in the cluster is one pod, which nothing takes over from",
                "false",
                "or placement: managed",
            )


class ManagedDatastore(OwnDatastore):
    """A datastore that the cloud runs."""

    placement: Literal["managed"] = Field(description="The cloud's own service.", examples=["managed"])
    machine: Line | None = Field(
        None, description="The cloud's size for it. Left out: from cpu and memory.", examples=["db.r6g.large"]
    )
    cpu: CpuResource | None = Field(None, description="CPUs. Left out: the machine's.", examples=["2"])
    memory: MemoryResource | None = Field(
        None, description="Memory in bytes. Left out: the machine's.", examples=["8Gi"]
    )


class ExternalDatastore(Datastore):
    """A datastore that somebody else runs."""

    engine: Name = Field(description="What it is.", examples=["postgres"])
    placement: Literal["external"] = Field(description="Somebody else runs it.", examples=["external"])
    address: Host = Field(description="Its DNS name, or IPv4 address.", examples=["db.example.com"])


AnyDatastore = Annotated[
    Annotated[ClusterDatastore, Tag("(cluster)")]
    | Annotated[ManagedDatastore, Tag("(managed)")]
    | Annotated[ExternalDatastore, Tag("(external)")],
    kinds_by("placement", "cluster", "managed", "external"),
]
