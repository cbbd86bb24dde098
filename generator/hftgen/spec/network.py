"""`clusters.*.network`: address ranges, venues, and the ways out."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import Asn, Cidr, Line, Name, Vlan


class Connect(Section):
    """A private connection that exists already."""

    kind: Literal["directConnect", "interconnect", "expressRoute", "vpn"] = Field(
        description="AWS Direct Connect, Google Interconnect, Azure ExpressRoute, or a VPN.", examples=["directConnect"]
    )
    id: Line = Field(
        description="The connection's name at the cloud; on Azure the id of the ExpressRoute circuit, or of the local "
        "network gateway.",
        examples=["dxcon-fexample1"],
    )
    asn: Asn = Field(
        65000,
        description="BGP: the number of the router at the other end, which announces the venues. Left out: 65000.",
        examples=[65010],
    )
    vlan: Vlan | None = Field(
        None, description="The VLAN on a cross-connect. Left out: where the cloud may choose, it does.", examples=[100]
    )


class Network(RuledSection):
    """A cluster's addresses. Ranges must not overlap, within and across clusters."""

    vpc: Cidr | None = Field(None, description="The range of the machines.", examples=["10.20.0.0/16"])
    pods: Cidr | None = Field(
        None,
        description="The range of the pods; on AWS a secondary block of the VPC; on Azure one over the network, "
        "or within `vpc` a subnet of it.",
        examples=["100.64.0.0/16"],
    )
    services: Cidr | None = Field(None, description="The range of Services.", examples=["172.20.0.0/20"])
    venues: dict[Annotated[str, Name], Cidr] = Field(
        default_factory=dict,
        description="The venues' prefixes behind the cross-connects, by name.",
        examples=[{"nyse": "198.51.100.0/28"}],
    )
    connect: tuple[Connect, ...] = Field(
        (),
        description="Private connections to the venues.",
        examples=[[{"kind": "directConnect", "id": "dxcon-fexample1"}]],
    )

    def breaches(self) -> Iterator[Breach]:
        """Connections are named once."""
        for index in repeated([item.id for item in self.connect]):
            yield Breach(("connect", index, "id"), "is named twice")
