"""`owner`, `gitops` and `kubernetes`: whose it is, where it is read from, what it runs on."""

from collections.abc import Iterator

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import Boolean, Date, GitRevision, GitUrl, KubernetesVersion, Line, Name, Seconds


class Owner(Section):
    """Who answers for the environment."""

    team: Line = Field(description="The team that owns it.", examples=["trading-platform"])
    contact: Line | None = Field(None, description="Where to reach the team.", examples=["#hft-trading-devops"])


class Horizon(RuledSection):
    """The span of calendar data from which freeze windows are computed."""

    start: Date = Field(description="First day of calendar data used.", examples=["2026-01-01"])
    end: Date = Field(description="Last day of calendar data used.", examples=["2028-12-31"])

    def breaches(self) -> Iterator[Breach]:
        """The end is after the start."""
        if self.end <= self.start:
            yield Breach(("end",), "is not after the start", f"a date after {self.start}")


class Freeze(RuledSection):
    """No sync while venues trade."""

    calendars: tuple[Line, ...] = Field(
        description="Names of exchange_calendars whose sessions freeze; an empty list freezes nothing. "
        "The short form `none` is the empty list.",
        examples=[["XNYS"]],
    )
    before: Seconds = Field(
        Seconds("0s"), description="How long before a session the freeze begins. Left out: 0s.", examples=["60m"]
    )
    after: Seconds = Field(
        Seconds("0s"), description="How long after a session the freeze ends. Left out: 0s.", examples=["30m"]
    )
    manualSync: Boolean = Field(
        default=False, description="Whether a person may sync during a freeze. Left out: false.", examples=[False]
    )
    horizon: Horizon | None = Field(
        None,
        description="The calendar data used; needed where calendars are named, for outputs must not depend on today.",
        examples=[{"start": "2026-01-01", "end": "2028-12-31"}],
    )

    def breaches(self) -> Iterator[Breach]:
        """Calendars are named once."""
        for index in repeated(list(self.calendars)):
            yield Breach(("calendars", index), "is named twice")


class ServiceFreeze(RuledSection):
    """A service's own freeze instead of the environment's."""

    calendars: tuple[Line, ...] = Field(
        description="Names of exchange_calendars whose sessions freeze this service; an empty list freezes nothing. "
        "The short form `none` is the empty list.",
        examples=[["XNYS", "CMES"]],
    )
    before: Seconds | None = Field(
        None, description="How long before a session the freeze begins. Left out: as in `gitops`.", examples=["60m"]
    )
    after: Seconds | None = Field(
        None, description="How long after a session the freeze ends. Left out: as in `gitops`.", examples=["30m"]
    )

    def breaches(self) -> Iterator[Breach]:
        """Calendars are named once."""
        for index in repeated(list(self.calendars)):
            yield Breach(("calendars", index), "is named twice")


class Settings(Section):
    """Argo CD's own configuration."""

    manage: Boolean = Field(
        default=True,
        description="Whether it is rendered from here: false where somebody else's Argo CD, or another environment in "
        "the same cluster, has its own. Left out: true.",
        examples=[True],
    )


class GitOps(RuledSection):
    """How Argo CD reads the rendered tree."""

    repoURL: GitUrl = Field(
        description="The repository that holds `rendered/`.",
        examples=["https://git.example.com/trading/platform-config.git"],
    )
    revision: GitRevision = Field(
        GitRevision("main"), description="The branch, tag or commit that is read. Left out: main.", examples=["main"]
    )
    namespace: Name = Field(Name("argocd"), description="Argo CD's namespace. Left out: argocd.", examples=["argocd"])
    autoSync: Boolean | None = Field(
        None, description="Whether Argo CD syncs by itself. Left out: yes, but in production.", examples=[False]
    )
    freeze: Freeze | None = Field(None, description="When nothing is synced. Left out: never.")
    settings: Settings = Field(
        default_factory=Settings, description="Argo CD's own configuration.", examples=[{"manage": False}]
    )

    def breaches(self) -> Iterator[Breach]:
        """With `autoSync: false` every sync is manual, so that `manualSync: true` would freeze nothing."""
        if self.autoSync is False and self.freeze and self.freeze.manualSync:
            yield Breach(
                ("freeze", "manualSync"),
                "freezes nothing: with autoSync: false every sync is manual",
                "manualSync: false",
                "leave it out, or let Argo CD sync by itself",
            )


class Kubernetes(RuledSection):
    """The clusters' Kubernetes."""

    version: KubernetesVersion = Field(description="The minor version of all clusters.", examples=["1.36"])
    namespace: Name | None = Field(
        None, description="Where the services run. Left out: project-environment.", examples=["hft-trading-production"]
    )

    def breaches(self) -> Iterator[Breach]:
        """A namespace does not begin with `kube-`."""
        if self.namespace and self.namespace.startswith("kube-"):
            yield Breach(("namespace",), "belongs to Kubernetes itself", "a namespace that does not begin with kube-")
