"""`recovery`: what a disaster may cost, and how it is prevented from costing more."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section
from hftgen.spec.units import Boolean, Cron, PositiveSeconds


class Kept(Section):
    """Copies taken by a schedule, in UTC."""

    schedule: Cron = Field(description="When a copy is taken, in UTC.", examples=["0 2 * * *"])
    keep: PositiveSeconds = Field(description="How long a copy is kept.", examples=["48h"])


class Backups(Kept):
    """Copies of everything."""

    offsite: Boolean = Field(
        default=False, description="Whether copies go to another region too. Left out: false.", examples=[True]
    )


class Drill(Section):
    """A recovery that is only practised."""

    schedule: Cron = Field(description="When it is practised, in UTC.", examples=["0 6 1 * *"])


class Recovery(RuledSection):
    """What a disaster may cost."""

    rto: PositiveSeconds = Field(description="How long recovery may take.", examples=["15m"])
    rpo: PositiveSeconds = Field(description="How much time of data may be lost.", examples=["1m"])
    replication: Literal["continuous", "none"] = Field(
        "none",
        description="Whether datastores replicate to the standby; an rpo under the snapshot interval needs it. "
        "Left out: none.",
        examples=["continuous"],
    )
    snapshots: Kept | None = Field(None, description="Snapshots of volumes. Left out: none.")
    backups: Backups | None = Field(None, description="Backups of everything. Left out: none.")
    drill: Drill | None = Field(None, description="When recovery is practised. Left out: never.")

    def breaches(self) -> Iterator[Breach]:
        """An rpo needs replication, snapshots or backups."""
        if self.replication == "none" and self.snapshots is None and self.backups is None:
            yield Breach(("rpo",), "is promised, and nothing is copied", "replication, snapshots or backups")
