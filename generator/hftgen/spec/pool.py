"""`clusters.*.pools`: groups of equal machines."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, repeated
from hftgen.spec.tuning import Tuning
from hftgen.spec.units import Boolean, Count, Cpu, CpuSet, HugePageSize, Line, Memory, Positive

HugePages = dict[HugePageSize, Memory]


class Pool(RuledSection):
    """One node pool."""

    machine: Line = Field(description="The cloud's machine type, or the hardware's name.", examples=["m7i.4xlarge"])
    cpus: Positive | None = Field(
        None, description="Threads of one machine. Left out: from the machine table.", examples=[16]
    )
    smt: Boolean | None = Field(
        None, description="Whether a core has two threads. Left out: from the machine table.", examples=[True]
    )
    memory: Memory | None = Field(
        None, description="Memory of one machine in bytes. Left out: from the machine table.", examples=["64Gi"]
    )
    min: Count = Field(description="The least number of nodes.", examples=[3])
    max: Positive = Field(description="The largest number of nodes.", examples=[12])
    zones: tuple[Line, ...] = Field(
        (), description="The cluster's zones in which it has nodes. Left out: all.", examples=[["us-east-1a"]]
    )
    pinning: Literal["static", "none"] = Field(
        "none",
        description="static: exclusive CPUs and memory of one NUMA node (kubelet's static managers). Left out: none.",
        examples=["static"],
    )
    reserved: CpuSet | None = Field(
        None, description="CPUs kept for the system and the kubelet; for a pinned pool.", examples=["0-1,48-49"]
    )
    hugepages: HugePages = Field(
        default_factory=dict,
        description="Memory of one machine set apart as huge pages, by size.",
        examples=[{"1Gi": "32Gi"}],
    )
    placement: Literal["cluster", "compact", "proximity"] | None = Field(
        None, description="The cloud's way to put nodes close together. Left out: none.", examples=["cluster"]
    )
    spot: Boolean = Field(
        default=False, description="Whether the cloud may take nodes back. Left out: false.", examples=[False]
    )
    tuning: Tuning = Field(
        default_factory=Tuning, description="Settings of the machines that have a price, and so are asked for."
    )

    def breaches(self) -> Iterator[Breach]:
        """`min` is at most `max`; reserved CPUs are whole cores and leave some; huge pages leave memory."""
        if self.min > self.max:
            yield Breach(("min",), "is more than max", f"at most {self.max}")
        for index in repeated(list(self.zones)):
            yield Breach(("zones", index), "is named twice")
        if self.tuning.isolate and self.pinning != "static":
            yield Breach(("tuning", "isolate"), "has no effect without pinning", "pinning: static")
        yield from self._break_reserved()
        yield from break_pages(self.hugepages)
        total = sum(amount.bytes for amount in self.hugepages.values())
        if self.memory and total >= self.memory.bytes:
            yield Breach(("hugepages",), "leave no memory for anything else", f"less than {self.memory} together")

    def _break_reserved(self) -> Iterator[Breach]:
        if self.reserved is None:
            return
        cpus = self.reserved.cpus
        if self.cpus and max(cpus) >= self.cpus:
            yield Breach(("reserved",), f"names CPU {max(cpus)}", f"CPUs 0 to {self.cpus - 1}")
        elif self.cpus and len(cpus) >= self.cpus:
            yield Breach(("reserved",), "leaves no CPU for anything else")
        if self.smt and len(cpus) % 2:
            yield Breach(
                ("reserved",), "is no number of whole cores: a core has two threads", "both threads of each core"
            )
        if self.pinning != "static":
            yield Breach(("reserved",), "has no effect without pinning", "pinning: static")


def break_pages(pages: HugePages) -> Iterator[Breach]:
    """Amounts that are no whole number of pages."""
    for size, amount in pages.items():
        if amount.bytes % size.bytes:
            yield Breach(("hugepages", size), f"is no whole number of {size} pages", f"a multiple of {size}")


def exceeds(request: Cpu | Memory | None, limit: Cpu | Memory | None) -> bool:
    """Whether a request is above its limit."""
    return request is not None and limit is not None and request.nano > limit.nano
