"""`services`: one application each. Everything but the image has a default that a Kubernetes user expects."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from hftgen.spec.calls import Call, Expose
from hftgen.spec.container import Container, Init, Sidecar, User
from hftgen.spec.gitops import ServiceFreeze
from hftgen.spec.identity import Identity
from hftgen.spec.observability import Metrics, Slo
from hftgen.spec.patch import Patch
from hftgen.spec.pool import HugePages
from hftgen.spec.ports import PortSpec
from hftgen.spec.probe import Probes
from hftgen.spec.release import Release, Rolling
from hftgen.spec.scaling import Autoscale, Disruption, Spread
from hftgen.spec.section import Breach, RuledSection, Section
from hftgen.spec.service_build import ServiceBuild
from hftgen.spec.service_rules import RULES
from hftgen.spec.units import (
    Boolean,
    ClusterName,
    Count,
    Cron,
    FileName,
    LabelKey,
    LabelValue,
    Name,
    PoolName,
    PortName,
    PositiveSeconds,
    Replicas,
    Seconds,
    SysctlName,
    SysctlValue,
    Text,
    TimeZone,
)
from hftgen.spec.units.json import read_mapping
from hftgen.spec.units.unit import Reads
from hftgen.spec.volume import AnyFile, Volume


class Shutdown(RuledSection):
    """How a pod ends; `60s` is {grace: 60s}."""

    grace: Seconds | None = Field(
        None,
        description="Whole seconds from the signal to the kill. Left out: 30s, tick-to-trade 60s.",
        examples=["60s"],
    )
    delay: Seconds | None = Field(
        None,
        description="Whole seconds before the signal, in which callers learn of it. Left out: as it needs.",
        examples=["5s"],
    )

    def breaches(self) -> Iterator[Breach]:
        """The delay is shorter than the grace, which it counts into."""
        if self.grace is not None and self.delay is not None and self.delay.seconds >= max(self.grace.seconds, 1):
            yield Breach(("delay",), "leaves no time to end: it counts into the grace", f"less than {self.grace}")


class History(Section):
    """Finished runs that are kept; `3` is as many of both."""

    succeeded: Count = Field(3, description="Good runs that are kept. Left out: 3.", examples=[3])
    failed: Count = Field(1, description="Failed runs that are kept. Left out: 1.", examples=[1])


OVERRIDES_SCHEMA = {"type": "object", "description": "Fields of a service."}
Overrides = Annotated[dict[str, Any], Reads(read_mapping, OVERRIDES_SCHEMA)]
"""Any mapping: the loader merges it onto the service as it is written, and checks the result as a service."""


class Service(Container):
    """One application."""

    workload: Literal["stateless", "stateful", "job", "cron"] = Field(
        "stateless", description="What kind of program it is. Left out: stateless.", examples=["stateless"]
    )
    instances: Literal["single", "sharded", "activePassive"] | None = Field(
        None,
        description="Stateful only, and needed there: how many may act at once, over all clusters.",
        examples=["sharded"],
    )
    latency: Literal["tick-to-trade", "low", "standard"] = Field(
        "standard", description="The latency class. Left out: standard.", examples=["low"]
    )
    pool: PoolName | None = Field(
        None,
        description="The pool of every cluster on which it runs. Left out: the cluster's only pool without pinning.",
        examples=["general"],
    )
    replicas: Replicas | None = Field(
        None, description="Number of pods; instead of `autoscale`. Left out: 1.", examples=[2]
    )
    autoscale: Autoscale | None = Field(
        None, description="A number of pods that follows the load; instead of `replicas`."
    )
    hugepages: HugePages = Field(
        default_factory=dict,
        description="Huge pages in bytes by their size; request = limit.",
        examples=[{"1Gi": "4Gi"}],
    )
    user: User | None = Field(
        None, description="The ids under which the processes run. Left out: the image's, if not root."
    )
    ports: dict[Annotated[str, PortName], PortSpec] = Field(
        default_factory=dict, description="Ports by name. `http: 8080` is port = target.", examples=[{"http": 8080}]
    )
    files: dict[Annotated[str, FileName], AnyFile] = Field(
        default_factory=dict,
        description="Files mounted read-only, by name. A text is {content: text}.",
        examples=[{"app.toml": "[a]\nb = 1\n"}],
    )
    volumes: dict[Annotated[str, Name], Volume] = Field(
        default_factory=dict, description="Storage by name: a claim, or an emptyDir that ends with the pod."
    )
    probes: Probes = Field(default_factory=Probes, description="Health checks. Left out: none.")
    shutdown: Shutdown = Field(default_factory=Shutdown, description="How a pod ends.")
    calls: tuple[Call, ...] = Field(
        (),
        description="Whom it talks to; nothing else is let through. Pods of a stateful service reach each other, those "
        "of a stateless one where it names itself. A bare name is {service: name}.",
        examples=[["risk-gateway"]],
    )
    expose: Expose | None = Field(None, description="How it is reached from outside. Left out: not at all.")
    init: tuple[Init, ...] = Field((), description="Containers that run to their end before it starts, in this order.")
    sidecars: dict[Annotated[str, Name], Sidecar] = Field(
        default_factory=dict, description="Containers that run beside it, by name."
    )
    identity: Identity | None = Field(None, description="Who it is to the cloud. Left out: nobody.")
    metrics: Metrics | None = Field(
        None, description="What it exports, or none. Left out: as in `observability.metrics`, on a port named metrics."
    )
    slo: Slo | None = Field(None, description="What it promises. Left out: nothing.")
    disruption: Disruption | None = Field(
        None,
        description="How many pods a drain may take. Left out: one at a time; of tick-to-trade in production none.",
        examples=[{"minAvailable": 1}],
    )
    spread: Spread = Field(default_factory=Spread, description="How pods keep apart from each other.")
    mesh: Boolean | None = Field(
        None,
        description="Whether it is injected into the service mesh, where there is one. Left out: as the class says.",
        examples=[False],
    )
    venues: tuple[Name, ...] = Field(
        (), description="Venues of the cluster's network that it may reach.", examples=[["nyse", "cme"]]
    )
    sysctls: dict[Annotated[str, SysctlName], SysctlValue] = Field(
        default_factory=dict,
        description="Kernel parameters of its pods.",
        examples=[{"net.ipv4.tcp_rmem": "4096 87380 16777216"}],
    )
    labels: dict[Annotated[str, LabelKey], LabelValue] = Field(
        default_factory=dict,
        description="Labels of every object of the service; never used to select.",
        examples=[{"team": "desk-a"}],
    )
    annotations: dict[Annotated[str, LabelKey], Text] = Field(
        default_factory=dict,
        description="Annotations of every object of the service.",
        examples=[{"example.com/doc": "https://docs.example.com"}],
    )
    schedule: Cron | None = Field(
        None, description="Cron only, and needed there: when it runs.", examples=["0 2 * * *"]
    )
    timeZone: TimeZone | None = Field(
        None, description="Cron only: the schedule's time zone. Left out: UTC.", examples=["America/New_York"]
    )
    concurrency: Literal["allow", "forbid", "replace"] | None = Field(
        None,
        description="Cron only: what happens when the last run still goes on. Left out: forbid.",
        examples=["forbid"],
    )
    deadline: PositiveSeconds | None = Field(
        None, description="Cron only: whole seconds by which a run may start late. Left out: 5m.", examples=["5m"]
    )
    history: History | None = Field(
        None, description="Cron only: finished runs that are kept. Left out: 3 good, 1 failed.", examples=[3]
    )
    build: ServiceBuild | None = Field(
        None,
        description="How its image is built, or none. Left out: as C++, if the image lies below `ci.registry`.",
        examples=[{"language": "cpp"}],
    )
    freeze: ServiceFreeze | None = Field(
        None, description="Its own freeze, or none. Left out: the environment's.", examples=["none"]
    )
    release: Release = Field(
        default_factory=lambda: Rolling(strategy="rolling"),
        description="How a new version replaces the old one. Left out: rolling.",
        examples=[{"strategy": "canary", "steps": [10, 50, 100], "pause": "5m"}],
    )
    clusters: dict[Annotated[str, ClusterName], Overrides] = Field(
        default_factory=dict,
        description="Where it runs, and the fields that differ there. Left out: on every cluster.",
        examples=[{"aws-use1": {}, "gcp-usc1": {"replicas": 0}}],
    )
    patches: tuple[Patch, ...] = Field((), description="The last resort: changes of rendered objects.")

    @property
    def default_port(self) -> str | None:
        """The port that probes and routes mean when they name none: http, or the only one that is not for metrics.

        A port that `metrics` names is meant too where it is the only one.
        """
        said = self.metrics.port if self.metrics else None
        others = [name for name in self.ports if name != (said or "metrics")]
        names = others or [name for name in self.ports if name == said]
        return "http" if "http" in self.ports else names[0] if len(names) == 1 else None

    def breaches(self) -> Iterator[Breach]:
        """What a container breaks, and the rules of service_rules."""
        yield from super().breaches()
        for rule in RULES:
            yield from rule(self)
