"""The whole spec of one environment."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from hftgen.spec.addons import Addon
from hftgen.spec.build import Build
from hftgen.spec.ci import Ci
from hftgen.spec.cluster import Cluster
from hftgen.spec.cost import Cost
from hftgen.spec.datastore import AnyDatastore
from hftgen.spec.dns import Dns
from hftgen.spec.gitops import GitOps, Kubernetes, Owner
from hftgen.spec.observability import Observability
from hftgen.spec.recovery import Recovery
from hftgen.spec.secrets import Secrets
from hftgen.spec.section import Breach, RuledSection
from hftgen.spec.security import Security, Waiver
from hftgen.spec.service import Service
from hftgen.spec.terraform import Terraform
from hftgen.spec.units import ClusterName, DatastoreName, EnvironmentName, Line, Money, Name, ProjectName, ServiceName


class Environment(RuledSection):
    """One environment: the only thing that a person edits."""

    model_config = ConfigDict(defer_build=False)

    apiVersion: Literal["hftgen/v1"] = Field(description="The version of this format.", examples=["hftgen/v1"])
    project: ProjectName = Field(
        description="Names the chart, the AppProject and the CMake project.", examples=["hft-trading"]
    )
    environment: EnvironmentName = Field(
        description="The environment's name; the file is named for it.", examples=["production"]
    )
    tier: Literal["development", "staging", "production"] = Field(
        description="Decides defaults, and which rules block.", examples=["production"]
    )
    owner: Owner | None = Field(None, description="Who answers for the environment.")
    gitops: GitOps = Field(description="How Argo CD reads the rendered tree.")
    kubernetes: Kubernetes = Field(description="The clusters' Kubernetes.")
    addons: dict[Annotated[str, Name], Addon] = Field(
        default_factory=dict,
        description="What the services need in a cluster besides Kubernetes, by name; the names and versions that are "
        "known stand in data/addons.yaml.",
    )
    clusters: dict[Annotated[str, ClusterName], Cluster] = Field(
        min_length=1, description="Where the environment runs, by name."
    )
    services: dict[Annotated[str, ServiceName], Service] = Field(min_length=1, description="The applications, by name.")
    datastores: dict[Annotated[str, DatastoreName], AnyDatastore] = Field(
        default_factory=dict, description="Databases and caches, by name; services call them by it."
    )
    secrets: Secrets | None = Field(
        None, description="Where secrets are kept. Left out: somebody else makes the Kubernetes Secrets."
    )
    observability: Observability | None = Field(
        None, description="What is measured, kept and alerted on. Left out: nothing."
    )
    dns: Dns | None = Field(None, description="Who answers for the zone. Left out: no records are made.")
    terraform: Terraform | None = Field(
        None,
        description="The tool that makes the clusters of clouds. Left out: somebody else makes them.",
        examples=[{"version": "1.11"}],
    )
    ci: Ci | None = Field(None, description="The pipelines. Left out: none are made.")
    build: Build | None = Field(None, description="How the C++ services are built. Left out: nothing is made for it.")
    recovery: Recovery | None = Field(None, description="What a disaster may cost. Left out: nothing is made for it.")
    cost: Cost | None = Field(None, description="What it may cost. Left out: nothing is said.")
    prices: dict[Annotated[str, Line], Money] = Field(
        default_factory=dict,
        description="Prices per hour by machine, in `cost.currency`; one that is missing is said, never guessed.",
        examples=[{"m7i.4xlarge": 0.8064}],
    )
    security: Security | None = Field(None, description="What is demanded of everything.")
    waivers: tuple[Waiver, ...] = Field((), description="Accepted findings: an owner, a reason and an end.")

    def breaches(self) -> Iterator[Breach]:
        """Services and datastores share one name space; no extra container is called as the service's own."""
        for name, service in self.services.items():
            if name in service.sidecars:
                path: tuple[str | int, ...] = ("services", name, "sidecars", name)
                yield Breach(path, f"{name} is the service's own container", "a name of its own", found=name)
            for index, item in enumerate(service.init):
                if item.name == name:
                    path = ("services", name, "init", index, "name")
                    yield Breach(path, "is the service's own container", "a name of its own")
            if name in self.datastores:
                yield Breach(
                    ("datastores", name),
                    f"{name} is a service too: they share one name space",
                    "a name of its own",
                    found=name,
                )
