"""`probes`: how Kubernetes learns that a container is started, alive and ready."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.section import Breach, Kind, RuledSection, kinds
from hftgen.spec.units import Line, PortName, Positive, PositiveSeconds, Seconds, Text, UrlPath
from hftgen.spec.units.text import ANY_PLAIN, Grammar

KINDS = ("http", "grpc", "tcp", "exec")


class HeaderName(Grammar):
    """The name of an HTTP header."""

    __slots__ = ()
    words = "an HTTP header's name of letters, digits and '-'"
    pattern = r"^[-A-Za-z0-9]+$"
    examples = ("Cookie",)


class HeaderValue(Grammar):
    """The value of an HTTP header."""

    __slots__ = ()
    words = "an HTTP header's value of ASCII letters, digits and signs, but '`' and '|'"
    pattern = r"^[!-_a-{}~]([ -_a-{}~]*[!-_a-{}~])?$"
    examples = ("yes",)
    longest = 4096
    also = ANY_PLAIN


class Timing(Kind):
    """When a probe asks, and how often it may fail."""

    delay: Seconds | None = Field(
        None, description="Whole seconds before the first question. Left out: 0s.", examples=["10s"]
    )
    period: PositiveSeconds | None = Field(
        None, description="Whole seconds between two questions. Left out: 10s.", examples=["5s"]
    )
    timeout: PositiveSeconds | None = Field(
        None, description="Whole seconds to wait for an answer. Left out: 1s.", examples=["1s"]
    )
    failures: Positive | None = Field(
        None, description="Failures in a row that count as one. Left out: 3.", examples=[3]
    )


class HttpProbe(Timing):
    """Asks over HTTP; an answer from 200 to 399 is good."""

    KIND = "http"
    http: UrlPath = Field(description="The path to ask for.", examples=["/ready"])
    port: PortName | None = Field(
        None,
        description="The port's name. Left out: http, or the only port that is not for metrics.",
        examples=["http"],
    )
    scheme: Literal["HTTP", "HTTPS"] = Field(
        "HTTP", description="HTTP or HTTPS (its certificate is not checked). Left out: HTTP.", examples=["HTTP"]
    )
    headers: dict[Annotated[str, HeaderName], HeaderValue] = Field(
        default_factory=dict, description="Headers of the question.", examples=[{"Cookie": "probe=1"}]
    )


class GrpcProbe(Timing):
    """Asks gRPC's health service."""

    KIND = "grpc"
    grpc: PortName = Field(description="The port's name.", examples=["grpc"])
    service: Line | None = Field(
        None, description="The service asked about. Left out: the server as a whole.", examples=["orders"]
    )


class TcpProbe(Timing):
    """Opens a connection."""

    KIND = "tcp"
    tcp: PortName = Field(description="The port's name.", examples=["http"])


class ExecProbe(Timing):
    """Runs a command in the container; its end with 0 is good."""

    KIND = "exec"
    exec: tuple[Text, ...] = Field(
        min_length=1, description="The command and its arguments.", examples=[["/bin/check", "--fast"]]
    )


class Budget(Kind):
    """A start checked as life (or else readiness) is, with a time of its own."""

    KIND = "budget"
    budget: PositiveSeconds = Field(
        description="Whole seconds that a start may take, by the check of `live`, else of `ready`.", examples=["60s"]
    )


Probe = Annotated[
    Annotated[HttpProbe, Tag("(http)")]
    | Annotated[GrpcProbe, Tag("(grpc)")]
    | Annotated[TcpProbe, Tag("(tcp)")]
    | Annotated[ExecProbe, Tag("(exec)")],
    kinds(*KINDS),
]
StartupProbe = Annotated[
    Annotated[HttpProbe, Tag("(http)")]
    | Annotated[GrpcProbe, Tag("(grpc)")]
    | Annotated[TcpProbe, Tag("(tcp)")]
    | Annotated[ExecProbe, Tag("(exec)")]
    | Annotated[Budget, Tag("(budget)")],
    kinds(*KINDS, "budget"),
]


class Probes(RuledSection):
    """The health checks of a container."""

    ready: Probe | None = Field(
        None, description="Whether it gets traffic. `/ready` is {http: /ready}. Left out: always.", examples=["/ready"]
    )
    live: Probe | None = Field(
        None, description="Whether it is restarted. `/live` is {http: /live}. Left out: never.", examples=["/live"]
    )
    startup: StartupProbe | None = Field(
        None, description="Whether it has started. `60s` is {budget: 60s}. Left out: at once.", examples=["60s"]
    )

    def breaches(self) -> Iterator[Breach]:
        """A start's budget needs a `live` or `ready` check to borrow."""
        if isinstance(self.startup, Budget) and not (self.ready or self.live):
            yield Breach(
                ("startup",), "borrows the check of `live` or `ready`, and there is neither", "a probe of its own"
            )
