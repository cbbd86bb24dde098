"""`dns`: who answers for the zone."""

from typing import Literal

from pydantic import Field

from hftgen.spec.section import Section
from hftgen.spec.units import Host, PositiveSeconds


class Dns(Section):
    """The zone in which exposed services have their names."""

    provider: Literal["aws", "gcp", "azure"] = Field(description="Route 53, Cloud DNS or Azure DNS.", examples=["aws"])
    zone: Host = Field(description="The zone.", examples=["hft.example.com"])
    ttl: PositiveSeconds = Field(
        PositiveSeconds("1m"), description="Whole seconds that an answer may be kept. Left out: 60s.", examples=["30s"]
    )
