"""`patches`: the last resort, applied after rendering and before every check."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.section import Breach, Kind, RuledSection, Section, kinds
from hftgen.spec.units import Json, JsonMapping, ResourceName
from hftgen.spec.units.text import NONE, Grammar


class ObjectKind(Grammar):
    """The kind of a Kubernetes object."""

    __slots__ = ()
    words = "a Kubernetes kind"
    pattern = r"^[A-Z][A-Za-z0-9]*$"
    examples = ("Rollout",)
    longest = 63
    also = NONE


class Pointer(Grammar):
    """A JSON pointer (RFC 6901)."""

    __slots__ = ()
    words = "a JSON pointer: empty, or parts that each begin with '/'; '~' is written ~0 and '/' ~1"
    pattern = r"^(/([^~/]|~[01])*)*$"
    examples = ("/spec/publishNotReadyAddresses",)
    longest = 1024
    also = NONE


class Target(Section):
    """The objects of the service that are patched."""

    kind: ObjectKind = Field(description="Their kind.", examples=["Rollout"])
    name: ResourceName | None = Field(None, description="Their name. Left out: all of the kind.", examples=["example"])


class MergePatch(Kind):
    """A merge patch (RFC 7386); lists of Kubernetes objects merge by their keys, null removes."""

    KIND = "merge"
    target: Target = Field(description="What is patched.")
    merge: JsonMapping = Field(description="What is merged in.", examples=[{"spec": {"revisionHistoryLimit": 3}}])


class Operation(RuledSection):
    """One operation of RFC 6902."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"] = Field(description="What to do.", examples=["add"])
    path: Pointer = Field(description="Where.", examples=["/spec/publishNotReadyAddresses"])
    value: Json = Field(None, description="For add, replace and test: the value.", examples=[True])
    from_: Pointer | None = Field(
        None, alias="from", description="For move and copy: where from.", examples=["/spec/a"]
    )

    def breaches(self) -> Iterator[Breach]:
        """add, replace and test have a value, move and copy a `from`, and no other operation has them."""
        needs_value = self.op in ("add", "replace", "test")
        if needs_value != ("value" in self.model_fields_set):
            yield Breach(
                ("value",),
                "is missing" if needs_value else f"has no meaning with {self.op}",
                "a value" if needs_value else "",
            )
        needs_from = self.op in ("move", "copy")
        if needs_from != (self.from_ is not None):
            yield Breach(
                ("from",),
                "is missing" if needs_from else f"has no meaning with {self.op}",
                "a path" if needs_from else "",
            )


class JsonPatch(Kind):
    """A list of operations (RFC 6902)."""

    KIND = "json"
    target: Target = Field(description="What is patched.")
    json_: tuple[Operation, ...] = Field(
        alias="json",
        min_length=1,
        description="The operations, in order.",
        examples=[[{"op": "remove", "path": "/spec/a"}]],
    )


Patch = Annotated[Annotated[MergePatch, Tag("(merge)")] | Annotated[JsonPatch, Tag("(json)")], kinds("merge", "json")]
