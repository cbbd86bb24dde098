"""`dns`: who answers for the zone."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.account import ResourceGroup, expect_account
from hftgen.spec.identity import Uuid
from hftgen.spec.section import Breach, RuledSection
from hftgen.spec.units import Host, Line, PositiveSeconds


class Dns(RuledSection):
    """The zone in which exposed services have their names."""

    provider: Literal["aws", "gcp", "azure"] = Field(description="Route 53, Cloud DNS or Azure DNS.", examples=["aws"])
    zone: Host = Field(description="The zone.", examples=["hft.example.com"])
    ttl: PositiveSeconds = Field(
        PositiveSeconds("1m"), description="Whole seconds that an answer may be kept. Left out: 60s.", examples=["30s"]
    )
    account: Line | None = Field(
        None,
        description="The AWS account, Google Cloud project or Azure subscription that holds the zone. "
        "Left out: that of the cluster, else of the first one at this provider.",
        examples=["111122223333"],
    )
    resourceGroup: ResourceGroup | None = Field(
        None,
        description="On Azure: the resource group that holds the zone. Left out: <project>-dns.",
        examples=["hft-trading-dns"],
    )
    identity: Uuid | None = Field(
        None,
        description="On Azure: the client id of the identity as which cert-manager writes records; zeros until Azure "
        "has made it up. Left out: cert-manager is let in by hand.",
        examples=list(Uuid.examples),
    )

    def breaches(self) -> Iterator[Breach]:
        """The account has its provider's form."""
        if self.account and (words := expect_account(self.provider, self.account)):
            yield Breach(("account",), f"is not {words}", words)
