"""`autoscale`, `disruption` and `spread`: how many pods there are, and how they keep apart."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.section import Breach, Kind, RuledSection, Section, kinds
from hftgen.spec.units import Amount, Positive, Utilization


class Autoscale(RuledSection):
    """A number of pods that follows the load."""

    min: Positive = Field(description="The least number of pods.", examples=[2])
    max: Positive = Field(description="The largest number of pods.", examples=[6])
    cpu: Utilization | None = Field(None, description="CPU use aimed at, in percent of the request.", examples=["70%"])
    memory: Utilization | None = Field(
        None, description="Memory use aimed at, in percent of the request.", examples=["80%"]
    )

    def breaches(self) -> Iterator[Breach]:
        """`min` is at most `max`; it follows cpu, memory or both."""
        if self.min > self.max:
            yield Breach(("min",), "is more than max", f"at most {self.max}")
        if self.cpu is None and self.memory is None:
            yield Breach((), "follows nothing", "cpu, memory, or both")


class MinAvailable(Kind):
    """So many pods always stay."""

    KIND = "minAvailable"
    minAvailable: Amount = Field(description="Pods, or a whole percentage, that always stay.", examples=[1])


class MaxUnavailable(Kind):
    """So many pods may be away."""

    KIND = "maxUnavailable"
    maxUnavailable: Amount = Field(description="Pods, or a whole percentage, that may be away.", examples=[1])


Disruption = Annotated[
    Annotated[MinAvailable, Tag("(minAvailable)")] | Annotated[MaxUnavailable, Tag("(maxUnavailable)")],
    kinds("minAvailable", "maxUnavailable"),
]

SpreadMode = Literal["required", "preferred", "none"]


class Spread(Section):
    """How pods keep apart from each other."""

    zone: SpreadMode | None = Field(
        None,
        description="Over zones: required, preferred or none. Left out: preferred where there are several pods.",
        examples=["required"],
    )
    host: SpreadMode | None = Field(
        None,
        description="Over machines: required, preferred or none. Left out: preferred where there are several pods.",
        examples=["preferred"],
    )
