"""`observability`, and a service's `metrics` and `slo`: what is measured, kept and alerted on."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section
from hftgen.spec.units import (
    Boolean,
    Host,
    LabelKey,
    LabelValue,
    Latency,
    Line,
    MetricName,
    Number,
    Percentage,
    Port,
    PortName,
    PositiveSeconds,
    Url,
    UrlPath,
)
from hftgen.spec.units.text import Grammar

_MATCHER = r"""[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)\s*("([^"\\\n]|\\[^\n])*"|'([^'\\\n]|\\[^\n])*'|`[^`]*`)"""


class LatencyMetric(RuledSection):
    """The histogram of how long requests take."""

    histogram: MetricName = Field(
        description="The histogram's name, without _bucket.", examples=["request_duration_seconds"]
    )
    unit: Literal["seconds", "milliseconds", "microseconds", "nanoseconds"] = Field(
        "seconds", description="In what it counts. Left out: seconds.", examples=["seconds"]
    )
    buckets: tuple[Number, ...] = Field(
        min_length=1,
        description="The upper edges of its buckets, in that unit, ascending.",
        examples=[[0.001, 0.01, 0.1]],
    )

    def breaches(self) -> Iterator[Breach]:
        """Buckets ascend."""
        for index, (before, after) in enumerate(zip((0, *self.buckets), self.buckets, strict=False)):
            if after <= before:
                yield Breach(("buckets", index), "does not ascend", f"more than {before}")


class Matchers(Grammar):
    """Label matchers of PromQL, as they stand between braces beside our own: nothing there ends them early."""

    __slots__ = ()
    words = "a list of label matchers of PromQL"
    pattern = rf"^(?!.*\{{\{{)\s*{_MATCHER}(\s*,\s*{_MATCHER})*\s*,?\s*$"
    examples = ('outcome="error"',)
    longest = 4096


class RequestsMetric(Section):
    """The counter of requests, and which of them failed."""

    counter: MetricName = Field(description="The counter's name.", examples=["requests_total"])
    errors: Matchers = Field(description="The label matchers of a failed request.", examples=['outcome="error"'])


class MetricNames(Section):
    """What services export, for their `slo`."""

    latency: LatencyMetric | None = Field(None, description="The histogram of latencies. Left out: there is none.")
    requests: RequestsMetric | None = Field(None, description="The counter of requests. Left out: there is none.")


class Metrics(MetricNames):
    """What one service exports, and where."""

    enabled: Boolean = Field(
        default=True,
        description="Whether anything is exported; `metrics: none` is {enabled: false}. Left out: true.",
        examples=[True],
    )
    port: PortName | None = Field(
        None, description="The port's name. Left out: metrics, if there is such a port.", examples=["metrics"]
    )
    path: UrlPath = Field(UrlPath("/metrics"), description="The path. Left out: /metrics.", examples=["/metrics"])


class Slo(RuledSection):
    """What a service promises."""

    latencyP99: Latency | None = Field(
        None, description="99 of 100 requests are faster. Left out: nothing is promised.", examples=["5ms"]
    )
    errors: Percentage | None = Field(
        None, description="The share of requests that may fail. Left out: nothing is promised.", examples=["1%"]
    )
    window: PositiveSeconds = Field(
        PositiveSeconds("720h"), description="The time over which it is counted. Left out: 30d.", examples=["30d"]
    )

    def breaches(self) -> Iterator[Breach]:
        """It promises something, and errors stay above 0% and below 100%."""
        if self.latencyP99 is None and self.errors is None:
            yield Breach((), "promises nothing", "latencyP99, errors, or both")
        if self.errors and not 0 < self.errors.percent < 100:
            yield Breach(("errors",), "promises nothing that can be kept and broken", "above 0% and below 100%")


class Prometheus(Section):
    """The Prometheus that scrapes and is asked."""

    address: Url = Field(
        description="Where it answers, from inside the cluster.", examples=["http://prometheus.monitoring.svc:9090"]
    )
    scrapeInterval: PositiveSeconds = Field(
        PositiveSeconds("30s"), description="Whole seconds between two scrapes. Left out: 30s.", examples=["15s"]
    )
    labels: dict[Annotated[str, LabelKey], LabelValue] = Field(
        default_factory=dict,
        description="Labels by which it selects rules and monitors. Left out: it takes all.",
        examples=[{"release": "kube-prometheus-stack"}],
    )


class Grafana(Section):
    """Where dashboards go."""

    folder: Line = Field(description="The folder of the dashboards.", examples=["HFT"])


class Alerts(Section):
    """When somebody is woken."""

    receiver: Line = Field(description="Alertmanager's receiver.", examples=["pagerduty"])
    notReady: PositiveSeconds = Field(
        PositiveSeconds("5m"), description="How long a pod may be unready. Left out: 5m.", examples=["5m"]
    )
    memory: Percentage = Field(
        Percentage("80%"), description="The share of the limit that may be used. Left out: 80%.", examples=["80%"]
    )


class Elasticsearch(Section):
    """Where logs are stored."""

    host: Host = Field(description="Elasticsearch's DNS name.", examples=["elasticsearch.logging.svc"])
    port: Port = Field(9200, description="Its port. Left out: 9200.", examples=[9200])


class Logs(Section):
    """Where logs go, and for how long."""

    elasticsearch: Elasticsearch = Field(description="Where logs are stored.")
    kibana: Url | None = Field(None, description="Where people read them.", examples=["http://kibana.logging.svc:5601"])
    retention: PositiveSeconds | None = Field(
        None, description="How long logs are kept. Left out: 30d.", examples=["30d"]
    )


class Observability(Section):
    """What is measured, kept and alerted on."""

    prometheus: Prometheus | None = Field(None, description="The Prometheus that scrapes and is asked.")
    metrics: MetricNames | None = Field(None, description="What services export; a service's own metrics override it.")
    grafana: Grafana | None = Field(None, description="Where dashboards go. Left out: none are made.")
    alerts: Alerts | None = Field(None, description="When somebody is woken. Left out: no alerts are made.")
    logs: Logs | None = Field(None, description="Where logs go. Left out: nothing is shipped.")
