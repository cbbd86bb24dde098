"""`release`: how a new version replaces the old one."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, Tag

from hftgen.spec.probe import HeaderName
from hftgen.spec.section import Breach, Kind, RuledSection, Section, kinds, kinds_by, repeated
from hftgen.spec.units import (
    Amount,
    Boolean,
    Count,
    Date,
    ImageRef,
    Line,
    Name,
    Pause,
    Positive,
    PositiveSeconds,
    Replicas,
    Seconds,
    Text,
    Weight,
)
from hftgen.spec.units.number import FLOAT
from hftgen.spec.units.unit import Unit


class Condition(Unit):
    """What a measured value must be to pass: `< 0.01`."""

    __slots__ = ()
    words = "a comparison with a number"
    pattern = r"^\s*(<=|>=|==|!=|<|>)\s*[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\s*$"
    examples = ("< 0.01",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        match = re.fullmatch(r"\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*", text)
        if match is None or not FLOAT.fullmatch(match[2]) or len(text) > 40:
            raise cls.refusal()
        return f"{match[1]} {match[2].lstrip('+')}"

    @property
    def operator(self) -> str:
        """The comparison."""
        return self.split()[0]

    @property
    def threshold(self) -> float:
        """The number compared with."""
        return float(self.split()[1])


class Query(Text):
    """PromQL for an AnalysisTemplate, in which Argo Rollouts replaces arguments."""

    __slots__ = ()
    words = "a PromQL expression"
    pattern = r"^([^{]|\{(?!\{)|\{\{args\.canary-hash\}\})*$"
    examples = ("sum(rate(order_rejects_total{pods}[5m]))",)

    @classmethod
    def parse(cls, text: str) -> "Query":
        query = cls(super().parse(text))
        if not re.fullmatch(cls.pattern[1:-1], query):
            raise cls.refusal("has '{{', where Argo Rollouts looks for an argument that nobody gives it")
        return query


class Measure(Section):
    """A measurement of a release."""

    name: Name = Field(description="The measurement's name.", examples=["rejects"])
    query: Query = Field(
        description="A PromQL expression that gives one number; `{pods}` after a metric's name stands for the selector "
        "of the new version's pods.",
        examples=["sum(rate(order_rejects_total{pods}[5m]))"],
    )
    pass_: Condition = Field(alias="pass", description="What the number must be.", examples=["< 0.01"])


class Analysis(RuledSection):
    """What is measured while a release goes on; thresholds come from `slo`."""

    enabled: Boolean = Field(
        default=True,
        description="Whether anything is measured; `analysis: none` is {enabled: false}. Left out: true.",
        examples=[True],
    )
    interval: PositiveSeconds | None = Field(
        None, description="Whole seconds between two measurements. Left out: 60s.", examples=["30s"]
    )
    failures: Count | None = Field(
        None, description="Failed measurements that are tolerated. Left out: 2.", examples=[2]
    )
    noData: Literal["pause", "fail", "pass"] | None = Field(
        None, description="What happens without data. Left out: pause in production, else pass.", examples=["pause"]
    )
    metrics: tuple[Measure, ...] = Field((), description="Measurements besides those of `slo`.")

    def breaches(self) -> Iterator[Breach]:
        """Measurements have names of their own."""
        for index in repeated([metric.name for metric in self.metrics]):
            yield Breach(("metrics", index, "name"), "is used twice")


class Header(Section):
    """An HTTP header and its exact value."""

    name: HeaderName = Field(description="The header's name.", examples=["X-Canary"])
    value: Line = Field(description="The header's value.", examples=["yes"])


class Traffic(RuledSection):
    """Who divides the traffic."""

    router: Literal["istio", "gateway", "alb", "nginx", "none"] = Field(
        "none", description="What routes by weight; none: the number of pods does. Left out: none.", examples=["istio"]
    )
    header: Header | None = Field(
        None, description="Requests with this header go to the new version. Left out: none do."
    )

    def breaches(self) -> Iterator[Breach]:
        """A header needs a router that reads it."""
        if self.header and self.router == "none":
            yield Breach(("header",), "is read by nobody: there is no router", "router: istio, gateway, alb or nginx")


class Step(Section):
    """One step of a canary; `10` is {weight: 10}."""

    weight: Weight = Field(description="Share of the traffic in percent.", examples=[10])
    pause: Pause | None = Field(
        None, description="Whole seconds to wait after it, or manual. Left out: no wait.", examples=["5m"]
    )


class Rolling(RuledSection):
    """Pod by pod."""

    strategy: Literal["rolling"] = Field(description="Pod by pod.", examples=["rolling"])
    maxSurge: Amount | None = Field(
        None,
        description="Pods, or a percentage, above the number wanted. Left out: as the latency class says.",
        examples=[1],
    )
    maxUnavailable: Amount | None = Field(
        None,
        description="Pods, or a percentage, that may be missing. Left out: as the latency class says.",
        examples=[0],
    )
    partition: Count | None = Field(
        None, description="Stateful only: ordinals below it keep the old version. Left out: 0.", examples=[1]
    )

    def breaches(self) -> Iterator[Breach]:
        """MaxSurge and maxUnavailable are not both zero."""
        if _is_zero(self.maxSurge) and _is_zero(self.maxUnavailable):
            yield Breach(("maxSurge",), "lets nothing move: both are zero", "maxSurge or maxUnavailable above zero")


def _is_zero(amount: object) -> bool:
    return amount in (0, "0%")


class Canary(RuledSection):
    """By rising shares of the traffic."""

    strategy: Literal["canary"] = Field(description="By rising shares of the traffic.", examples=["canary"])
    steps: tuple[Step, ...] = Field(
        min_length=1,
        description="The shares, ending at 100. `[10, 50, 100]` is a list of weights.",
        examples=[[10, 50, 100]],
    )
    pause: Pause | None = Field(
        None,
        description="Short form: the pause of each step below 100 that says none: a duration, or manual.",
        examples=["5m"],
    )
    analysis: Analysis | None = Field(
        None, description="What is measured. Left out: nothing in development, else what `slo` says."
    )
    traffic: Traffic = Field(default_factory=Traffic, description="Who divides the traffic.")

    def breaches(self) -> Iterator[Breach]:
        """Weights increase and end at 100, after which there is no pause."""
        weights = [step.weight for step in self.steps]
        for index, (before, after) in enumerate(pairwise(weights), 1):
            if after <= before:
                yield Breach(("steps", index, "weight"), "does not increase", f"more than {before}")
        if weights[-1] != 100:
            yield Breach(
                ("steps", len(weights) - 1, "weight"), "is the last weight, and does not end the release", "100"
            )
        elif self.steps[-1].pause:
            yield Breach(("steps", len(weights) - 1, "pause"), "comes after everything is moved", "no pause after 100")


class Gates(Section):
    """What is measured before and after a blue-green switch."""

    pre: Analysis | None = Field(None, description="Measured on the preview before the switch. Left out: nothing.")
    post: Analysis | None = Field(None, description="Measured after the switch. Left out: nothing.")


class BlueGreen(RuledSection):
    """A second set of pods, then one switch."""

    strategy: Literal["blueGreen"] = Field(description="A second set of pods, then one switch.", examples=["blueGreen"])
    autoPromote: Boolean | None = Field(
        None, description="Whether it switches by itself. Left out: not in production.", examples=[False]
    )
    previewReplicas: Positive | None = Field(
        None, description="Pods of the preview before the switch. Left out: as many as wanted.", examples=[1]
    )
    drain: Seconds | None = Field(
        None, description="Whole seconds that the old pods stay after the switch. Left out: 30s.", examples=["60s"]
    )
    analysis: Gates | None = Field(None, description="What is measured before and after. Left out: nothing.")


class Variant(Kind):
    """The other version of an A/B test."""

    image: ImageRef = Field(
        description="The variant's image; in production with its digest.",
        examples=["registry.example.com/hft/analytics:v1.1.0-b"],
    )
    replicas: Replicas | None = Field(None, description="The variant's pods. Left out: the service's.", examples=[1])


class WeightVariant(Variant):
    """A variant that gets a share of the requests."""

    KIND = "weight"
    weight: Weight = Field(description="Share of the requests in percent.", examples=[50])


class HeaderVariant(Variant):
    """A variant that gets the requests with a header."""

    KIND = "header"
    header: Header = Field(description="Requests with this header go to the variant.")


AnyVariant = Annotated[
    Annotated[WeightVariant, Tag("(weight)")] | Annotated[HeaderVariant, Tag("(header)")], kinds("weight", "header")
]


class Verdict(Section):
    """What decides an A/B test."""

    query: Text = Field(
        description="A PromQL expression that gives one number; {variant} stands for the variant's name.",
        examples=['sum(rate(report_clicks_total{variant="{variant}"}[5m]))'],
    )
    better: Literal["higher", "lower"] = Field(description="Which number wins.", examples=["higher"])
    minSamples: Positive = Field(description="Samples needed for a verdict.", examples=[1000])


class AbTest(RuledSection):
    """Two versions side by side until one wins."""

    strategy: Literal["abTest"] = Field(description="Two versions side by side until one wins.", examples=["abTest"])
    variants: dict[Annotated[str, Name], AnyVariant] = Field(min_length=1, description="The other versions by name.")
    metric: Verdict = Field(description="What decides.")
    until: Date = Field(description="The test's last day; past it, the test is a finding.", examples=["2027-01-31"])

    def breaches(self) -> Iterator[Breach]:
        """The variants leave at least 1% to the service itself."""
        total = sum(variant.weight for variant in self.variants.values() if isinstance(variant, WeightVariant))
        if total > 99:
            yield Breach(
                ("variants",), "leave nothing to the service itself", "weights of 99 together at most", found=str(total)
            )


Release = Annotated[
    Annotated[Rolling, Tag("(rolling)")]
    | Annotated[Canary, Tag("(canary)")]
    | Annotated[BlueGreen, Tag("(blueGreen)")]
    | Annotated[AbTest, Tag("(abTest)")],
    kinds_by("strategy", "rolling", "canary", "blueGreen", "abTest"),
]
