"""`calls` and `expose`: whom a service talks to, and who reaches it from outside."""

import ipaddress
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.section import Breach, Kind, RuledSection, kinds
from hftgen.spec.units import Boolean, Cidr, Host, Name, Port, PortName


class ServiceCall(Kind):
    """A call of a service or datastore of this environment; a bare name is {service: name}."""

    KIND = "service"
    service: Name = Field(description="The service or datastore.", examples=["risk-gateway"])
    port: PortName | None = Field(
        None, description="The port's name. Left out: all its ports but the metrics port.", examples=["grpc"]
    )


class NetworkCall(Kind):
    """A call of a network outside."""

    KIND = "cidr"
    cidr: Cidr = Field(description="The network.", examples=["192.0.2.0/24"])
    port: Port | None = Field(None, description="The port. Left out: every port.", examples=[443])
    protocol: Literal["TCP", "UDP", "SCTP"] = Field(
        "TCP", description="The transport protocol. Left out: TCP.", examples=["TCP"]
    )


class HostCall(Kind):
    """A call of a host outside, by name."""

    KIND = "host"
    host: Host = Field(description="The host's DNS name.", examples=["api.example.com"])
    port: Port = Field(443, description="The port. Left out: 443.", examples=[443])


Call = Annotated[
    Annotated[ServiceCall, Tag("(service)")]
    | Annotated[NetworkCall, Tag("(cidr)")]
    | Annotated[HostCall, Tag("(host)")],
    kinds("service", "cidr", "host"),
]


class Expose(RuledSection):
    """How a service is reached from outside the cluster."""

    host: Host | None = Field(
        None,
        description="The name under which it is reached; only a load balancer goes without.",
        examples=["orders.hft.example.com"],
    )
    port: PortName | None = Field(
        None,
        description="The port's name. Left out: http, or the only port that is not for metrics.",
        examples=["http"],
    )
    via: Literal["gateway", "ingress", "loadBalancer"] = Field(
        "gateway",
        description="An HTTPRoute, an Ingress, or a load balancer of its own. Left out: gateway.",
        examples=["gateway"],
    )
    tls: Boolean | None = Field(
        None,
        description="Whether the outside speaks TLS. Left out: yes, but in development; a load balancer hands on what "
        "it gets, and with `true` the pod finds its certificate in /etc/certificate.",
        examples=[True],
    )
    internal: Boolean = Field(
        default=False, description="Whether only the private network reaches it. Left out: false.", examples=[True]
    )

    def breaches(self) -> Iterator[Breach]:
        """Only a load balancer goes without a host's name, and that only without a certificate."""
        if self.host is None and self.via != "loadBalancer":
            yield Breach(
                ("host",), f"is missing: a route through {self.via} goes by the host's name", "a host's DNS name"
            )
        elif self.host is None and self.tls:
            yield Breach(("host",), "is missing: a certificate is for a host's name", "a host's DNS name")
        elif self.host is not None and is_address(self.host):
            yield Breach(("host",), "is an address: routes and certificates go by names", "a host's DNS name")


def is_address(host: str) -> bool:
    """Whether a host is an address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
