"""The form of data/addons.yaml: which chart brings which version of an add-on, and what the chart installs."""

from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from hftgen.errors import InputError, Problem
from hftgen.spec.node import Node, to_plain
from hftgen.spec.problems import list_problems
from hftgen.spec.section import Breach, RuledSection, Section
from hftgen.spec.service_build import Directory
from hftgen.spec.units import GitRevision, Line, Name, Version
from hftgen.spec.units.text import Grammar


class GroupKind(NamedTuple):
    """A kind of Kubernetes with its API group, which is empty for the core's."""

    group: str
    kind: str


class Kind(Grammar):
    """A kind as the table writes it: `Service`, `apps/Deployment`."""

    __slots__ = ()
    words = "a kind, with its API group before it unless that is the core's"
    pattern = r"^([a-z0-9.-]+/)?[A-Z][A-Za-z0-9]*$"
    examples = ("apps/Deployment",)

    def split_group(self) -> GroupKind:
        """Group and kind."""
        group, _, kind = self.rpartition("/")
        return GroupKind(group, kind)


class Span(Grammar):
    """Minor versions of Kubernetes, first and last, or first and every later one."""

    __slots__ = ()
    words = "minor versions of Kubernetes: 1.33-1.36 or 1.31+"
    pattern = r"^1\.[1-9][0-9](\+|-1\.[1-9][0-9])$"
    examples = ("1.33-1.36",)

    def holds(self, version: str) -> bool:
        """Whether a minor version lies in it."""
        first, _, last = self.removesuffix("+").partition("-")
        return _minor(first) <= _minor(version) and (not last or _minor(version) <= _minor(last))


class Ignored(Section):
    """What a controller writes into an object of a chart."""

    kind: Kind = Field(description="The object's kind.")
    expressions: tuple[Line, ...] = Field(description="jq expressions of the fields.")


class Kinds(Section):
    """What an add-on's charts install."""

    cluster: tuple[Kind, ...] = Field((), description="Kinds outside namespaces.")
    namespaced: tuple[Kind, ...] = Field((), description="Kinds inside namespaces.")


class Address(Grammar):
    """Where charts lie: a web address, or a registry's path. READMEs have it in their commands."""

    __slots__ = ()
    words = "an address of letters, digits and ._~%/+:@=-"
    pattern = r"^[A-Za-z0-9][A-Za-z0-9._~%/+:@=-]*$"
    examples = ("https://charts.jetstack.io",)
    longest = 2048


class Chart(RuledSection):
    """Where one Application of an add-on comes from: a chart of a Helm repository, or a folder of a Git repository."""

    repository: Address = Field(description="The repository.", examples=["https://charts.jetstack.io"])
    chart: Address | None = Field(None, description="The chart's name.", examples=["cert-manager"])
    path: Directory | None = Field(None, description="A folder of a Git repository, instead of a chart.")
    revision: GitRevision | None = Field(None, description="Its own version, where it is not that of the row.")
    release: Name | None = Field(None, description="The Helm release's name. Left out: the add-on's.")
    only: Kind | None = Field(None, description="It is installed only where this kind is rendered.")
    ignore: tuple[Ignored, ...] = Field((), description="What controllers write into its objects.")
    kinds: Kinds = Field(default=Kinds(), description="What it installs and the add-on's other charts do not.")

    def breaches(self) -> Iterator[Breach]:
        """It is a chart or a folder, and a folder has a revision of its own."""
        if (self.chart is None) == (self.path is None):
            yield Breach(("chart",), "is a chart or a path", "one of chart, path")
        if self.path is not None and self.revision is None:
            yield Breach(("revision",), "is missing: a folder has a version of its own", "a tag or a commit")


class Release(Section):
    """One version of an add-on."""

    chart: Version = Field(description="The version of its charts.", examples=["v1.21.2"])
    kubernetes: Span | None = Field(None, description="Kubernetes versions that it supports.", examples=["1.33-1.36"])


class AddonEntry(Section):
    """One add-on of the table."""

    charts: dict[Annotated[str, Name], Chart] = Field(min_length=1, description="Its Applications, in order.")
    kinds: Kinds = Field(description="What the charts install.")
    namespaces: tuple[Name, ...] = Field((), description="Where it installs besides its own namespace.")
    versions: dict[Annotated[str, Version], Release] = Field(description="By version of the application.")


def parse_addons(entries: Mapping[str, Node]) -> dict[str, AddonEntry]:
    """The table by add-on; InputError with all that is wrong in it."""
    found: dict[str, AddonEntry] = {}
    problems: list[Problem] = []
    for name, node in entries.items():
        try:
            found[name] = AddonEntry.model_validate(to_plain(node))
        except ValidationError as error:
            problems += list_problems(error, AddonEntry, node, (name,))
    if problems:
        raise InputError(problems)
    return found


def name_entry(addon: str, controller: str | None) -> str:
    """The entry of an add-on: `gateway` has one for each controller."""
    return f"{addon}-{controller}" if addon == "gateway" and controller else addon


def _minor(version: str) -> int:
    return int(version.partition(".")[2])
