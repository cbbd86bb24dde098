"""What a service promises, and the metrics by which that is measured."""

from decimal import Decimal
from typing import TYPE_CHECKING

from hftgen.spec.observability import LatencyMetric, MetricNames
from hftgen.spec.units import Latency

if TYPE_CHECKING:
    from hftgen.spec.environment import Environment
    from hftgen.spec.service import Service

# What an analysis calls the measurements of `slo`.
ERRORS = "errors"
LATENCY = "latency-p99"

PER_SECOND = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}


def find_metrics(environment: "Environment", service: "Service") -> MetricNames:
    """What a service exports, for `slo`: what it says itself, else the environment."""
    own = service.metrics
    if own is not None and not own.enabled:
        return MetricNames()
    observability = environment.observability
    shared = (observability.metrics if observability else None) or MetricNames()
    if own is None:
        return shared
    return MetricNames(latency=own.latency or shared.latency, requests=own.requests or shared.requests)


def count_in_unit(latency: Latency, metric: LatencyMetric) -> Decimal:
    """A promised latency in the unit in which a histogram counts."""
    return Decimal(latency.nanoseconds) / 10**9 * PER_SECOND[metric.unit]


def write_number(number: Decimal) -> str:
    """Digits without an exponent and without trailing zeros, as PromQL and CEL read them."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
