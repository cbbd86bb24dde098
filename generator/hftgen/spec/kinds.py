"""Which mappings of a spec are of one kind or another, and which fields displace each other, by place in the spec.

Merging follows a `Shape` down the tree. A mapping whose child names another kind is replaced, not merged: the fields of
a canary release mean nothing to a rolling one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hftgen.spec.node import Node

Fields = Mapping[str, Node]
KindOf = Callable[[Fields], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What merging has to know about the mapping at one place, and about those inside it.

    `named` are the shapes of fields by name, `every` that of any other field. `parent_kind` and `child_kind` name the
    kinds that a parent or child mapping says it is of; empty: none. `rivals` are groups of fields of which the child's
    displaces the parent's.
    """

    named: Mapping[str, "Shape"] = field(default_factory=dict)
    every: "Shape | None" = None
    parent_kind: KindOf | None = None
    child_kind: KindOf | None = None
    rivals: tuple[frozenset[str], ...] = ()

    def inside(self, key: str) -> "Shape | None":
        """The shape of one field."""
        return self.named.get(key, self.every)

    def displaces(self, parent: Fields, child: Fields) -> bool:
        """Whether the child is of another kind than the parent. One that names no kind is of its parent's."""
        if self.parent_kind is None or self.child_kind is None:
            return False
        kind, other = self.parent_kind(parent), self.child_kind(child)
        return bool(kind and other and kind != other)

    def rivals_of(self, child: Fields) -> frozenset[str]:
        """The fields of a parent that the child's fields displace."""
        lost: set[str] = set()
        for group in self.rivals:
            if said := _said(child, group):
                lost |= group - said
        return frozenset(lost)


def _said(fields: Fields, names: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in names if name in fields and not fields[name].is_null())


def _by_value(name: str) -> KindOf:
    """The kind is the text of one field."""

    def kind(fields: Fields) -> frozenset[str]:
        node = fields.get(name)
        if node is None or node.is_null() or not isinstance(node.value, str):
            return frozenset()
        return frozenset((node.value,))

    return kind


def _by_field(*names: str) -> KindOf:
    """The kind is which of the fields are there."""
    wanted = frozenset(names)
    return lambda fields: _said(fields, wanted)


def _one_of(kind: KindOf, **more: object) -> Shape:
    return Shape(parent_kind=kind, child_kind=kind, **more)  # type: ignore[arg-type]


_CLAIM = frozenset(("class", "access"))


def _volume(fields: Fields) -> frozenset[str]:
    """What a child names; `size` belongs to both kinds."""
    if _said(fields, frozenset(("emptyDir",))):
        return frozenset(("emptyDir",))
    return frozenset(("claim",)) if _said(fields, _CLAIM) else frozenset()


def _parent_volume(fields: Fields) -> frozenset[str]:
    """A volume with a size that is no emptyDir is a claim, though it names neither class nor access."""
    named = _volume(fields)
    return named or (frozenset(("claim",)) if _said(fields, frozenset(("size",))) else named)


_PROBES = Shape(every=_one_of(_by_field("http", "grpc", "tcp", "exec", "budget")))
_CONFIG = Shape(every=_one_of(_by_field("field", "resource")))
_FILES = Shape(every=_one_of(_by_field("from", "content")))
_VARIANT = Shape(rivals=(frozenset(("weight", "header")),))
_FIELDS = {
    "release": _one_of(_by_value("strategy"), named={"variants": Shape(every=_VARIANT)}),
    "probes": _PROBES,
    "config": _CONFIG,
    "files": _FILES,
    "volumes": Shape(every=Shape(parent_kind=_parent_volume, child_kind=_volume)),
    "disruption": _one_of(_by_field("minAvailable", "maxUnavailable")),
    "sidecars": Shape(every=Shape(named={"probes": _PROBES, "config": _CONFIG, "files": _FILES})),
}
_REPLICAS = (frozenset(("replicas", "autoscale")),)

SERVICE = Shape(
    named={**_FIELDS, "clusters": Shape(every=Shape(named=_FIELDS, rivals=_REPLICAS))},
    rivals=_REPLICAS,
)
"""A service; a cluster's overrides merge onto it by the same shape."""

SPEC = Shape(
    named={
        "services": Shape(every=SERVICE),
        "datastores": Shape(every=_one_of(_by_value("placement"))),
    }
)
"""A whole spec."""
