"""`ports`: what a container listens on, and what its Service offers."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from hftgen.spec.section import Section
from hftgen.spec.units import Port
from hftgen.spec.units.text import NUMERAL, Grammar


class AppProtocol(Grammar):
    """The protocol above TCP, as IANA or Kubernetes names it."""

    __slots__ = ()
    words = "a protocol's name, such as http, grpc or kubernetes.io/h2c"
    pattern = r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"
    examples = ("http",)
    longest = 317
    also = NUMERAL


class PortSpec(Section):
    """One port; `http: 8080` is port = target."""

    port: Port = Field(description="The port of the Service.", examples=[80])
    target: Port = Field(0, description="The port of the container. Left out: the same as `port`.", examples=[8080])
    protocol: Literal["TCP", "UDP", "SCTP"] = Field(
        "TCP", description="The transport protocol. Left out: TCP.", examples=["TCP"]
    )
    appProtocol: AppProtocol | None = Field(
        None, description="The protocol above it, for meshes and gateways. Left out: unsaid.", examples=["http"]
    )

    @model_validator(mode="after")
    def fill_target(self) -> Self:
        """The container's port is the Service's where it is left out."""
        if not self.target:
            self.__dict__["target"] = self.port
        return self


def find_listener(ports: Mapping[str, PortSpec], name: str) -> str:
    """The name under which a container has a port: of several of one number the first, for it lists a number once."""
    wanted = ports.get(name)
    if wanted is None:
        return name
    return min(
        str(key) for key, port in ports.items() if (port.target, port.protocol) == (wanted.target, wanted.protocol)
    )
