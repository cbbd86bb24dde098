"""HFT-X22: objects that their schema refuses. Only `hftgen validate` looks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from hftgen.check.finding import Finding
from hftgen.check.manifests import is_object
from hftgen.check.place import find_owner
from hftgen.render.artifact import Artifact
from hftgen.schemas.book import Fault, SchemaBook, identify
from hftgen.schemas.core import Identity
from hftgen.spec.load import Loaded

RULE = "HFT-X22"
TEMPLATES = "helm/"
"""Where what looks like objects is text for Helm."""

Kinds = tuple[tuple[str, int], ...]
"""Names of kinds, and how many objects each has."""


class Survey(NamedTuple):
    """What was looked at in an environment, and what whoever looks further needs.

    `kubernetes`: the version that was asked for, and the one whose schemas there are. `unknown`: kinds without a
    schema; `kinds`: those with one. `files` hold objects and nothing else. `owners` are the places in the spec of what
    the parts come from, by part; `waived` pairs of rule and object.
    """

    kubernetes: tuple[str, str]
    objects: int
    unknown: Kinds
    files: tuple[str, ...]
    kinds: tuple[Identity, ...]
    owners: dict[str, tuple[str, int, int]]
    waived: frozenset[tuple[str, str]]

    def pack(self) -> dict[str, Any]:
        """As a JSON value."""
        return {**self._asdict(), "waived": sorted(self.waived)}


def unpack(packed: dict[str, Any]) -> Survey:
    """The survey that was packed."""
    return Survey(
        (packed["kubernetes"][0], packed["kubernetes"][1]),
        packed["objects"],
        tuple((kind, count) for kind, count in packed["unknown"]),
        tuple(packed["files"]),
        tuple((group, version, kind) for group, version, kind in packed["kinds"]),
        {name: (file, line, column) for name, (file, line, column) in packed["owners"].items()},
        frozenset((rule, item) for rule, item in packed["waived"]),
    )


def find_misshapen(loaded: Loaded, artifacts: Iterable[Artifact], book: SchemaBook) -> tuple[list[Finding], Survey]:
    """The findings of an environment, and what was looked at."""
    found: list[Finding] = []
    known: Counter[Identity] = Counter()
    unknown: Counter[Identity] = Counter()
    files: list[str] = []
    for artifact in artifacts:
        items = list(_list_objects(artifact))
        if items and len(items) == len(artifact.documents or ()):
            files.append(artifact.path)
        for item in items:
            faults = book.judge(item)
            (unknown if faults is None else known)[identify(item)] += 1
            found += _describe(loaded, artifact, item, faults or ())
    survey = Survey(
        (str(loaded.environment.kubernetes.version), book.kubernetes),
        known.total(),
        tuple(sorted((_name(kind), count) for kind, count in unknown.items())),
        tuple(files),
        tuple(sorted(known)),
        {name: loaded.place(("services", name)) for name in loaded.environment.services},
        frozenset((str(waiver.rule), str(waiver.object)) for waiver in loaded.environment.waivers),
    )
    return found, survey


def _list_objects(artifact: Artifact) -> Iterator[dict[str, Any]]:
    if artifact.documents and not artifact.path.startswith(TEMPLATES) and artifact.path.endswith((".yaml", ".yml")):
        yield from (item for item in artifact.values() if is_object(item) and "apiVersion" in item)


def _describe(loaded: Loaded, artifact: Artifact, item: dict[str, Any], faults: Sequence[Fault]) -> Iterator[Finding]:
    environment = str(loaded.environment.environment)
    for fault in faults:
        yield Finding(
            RULE,
            "blocking",
            environment,
            f"{item['kind']}/{item['metadata']['name']}",
            f"{fault.field or 'the object'} {fault.message}",
            f"it comes from templates/{artifact.template}, or from a patch",
            *loaded.place(find_owner(loaded, artifact.path)),
            path=f"{environment}/{artifact.path}",
        )


def _name(identity: Identity) -> str:
    group, version, kind = identity
    return f"{group}/{version} {kind}" if group else f"{version} {kind}"
