"""`clusters.*.pools.*.tuning`: what a pool's machines are told beyond what pinning tells them; all by choice."""

from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.section import Section
from hftgen.spec.units import Boolean, SysctlName, SysctlValue
from hftgen.spec.units.text import Grammar


class ImageRelease(Grammar):
    """A release of EKS' node images: the day it was made."""

    __slots__ = ()
    words = "a release of EKS' node images, such as v20261103"
    pattern = r"^v[0-9]{8}$"
    examples = ("v20261103",)


class Tuning(Section):
    """Settings of the machines that have a price, so that nobody gets them unasked."""

    isolate: Boolean = Field(
        default=False,
        description="isolcpus for all CPUs but the reserved ones: nothing is balanced over them, so that a pod without "
        "exclusive CPUs stays on one. Only where every pod of the pool has exclusive CPUs. Left out: false.",
        examples=[True],
    )
    mitigations: Literal["auto", "off"] = Field(
        "auto",
        description="The kernel's guards against speculative execution. off: faster system calls, and every process "
        "may read every other's memory; only on machines that run nothing foreign. Left out: auto.",
        examples=["auto"],
    )
    sysctls: dict[Annotated[str, SysctlName], SysctlValue] = Field(
        default_factory=dict,
        description="Kernel parameters of the machines, beside or in place of those that pinning brings.",
        examples=[{"net.core.busy_poll": "50"}],
    )
    image: ImageRelease | None = Field(
        None,
        description="AWS: the release of EKS' image (AL2023) that the pool's own is built from; another release is "
        "another image and other nodes. Left out: the newest when it is built.",
        examples=["v20261103"],
    )
