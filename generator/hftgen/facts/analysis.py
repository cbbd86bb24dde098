"""What is measured while a release goes on: AnalysisTemplates from `slo` and a release's own metrics.

Prometheus gives a vector, empty without data and NaN for 0/0: every condition says what happens then.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.spec.objectives import ERRORS, LATENCY, count_in_unit, find_metrics, write_number
from hftgen.spec.observability import LatencyMetric, RequestsMetric
from hftgen.spec.pace import Measuring, find_analysis, find_measuring, find_window
from hftgen.spec.release import Analysis, BlueGreen
from hftgen.spec.service import Service

HASH_ARGUMENT = "canary-hash"

# What a query may name by a placeholder.
SERVICE = "{service}"
PODS = "{pods}"


class Plan(NamedTuple):
    """One analysis: how often and how tolerant, and of what."""

    measuring: Measuring
    metrics: tuple[Facts, ...]


def plan_canary(site: Site, service: Service) -> Plan | None:
    """The analysis in the background of a canary."""
    analysis = find_analysis(site.environment, service)
    return None if analysis is None or site.is_standby else _plan(site, service, analysis, finite=False)


def plan_gate(site: Site, service: Service, stage: str) -> Plan | None:
    """The analysis before (`pre`) or after (`post`) a blue-green switch; it must end."""
    release = service.release
    if not isinstance(release, BlueGreen) or release.analysis is None or site.is_standby:
        return None
    analysis = getattr(release.analysis, stage)
    return None if analysis is None else _plan(site, service, analysis, finite=True)


def name_template(service: str, stage: str = "") -> str:
    """The AnalysisTemplate of a service."""
    return f"{service}-{stage}" if stage else service


def describe_templates(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The AnalysisTemplates of a service's release."""
    plans = {"": plan_canary(site, service), **{stage: plan_gate(site, service, stage) for stage in ("pre", "post")}}
    for stage, plan in plans.items():
        if plan is not None:
            yield _describe_template(site, name, name_template(name, stage), plan)


def _describe_template(site: Site, part: str, name: str, plan: Plan) -> Record:
    observability = site.environment.observability
    prometheus = observability.prometheus if observability else None
    measuring = plan.measuring
    shared: Facts = {
        "interval": f"{measuring.interval}s",
        "delay": f"{measuring.delay}s",
        "failures": measuring.failures,
    }
    if measuring.times:
        shared["count"] = measuring.times
    return describe(
        site,
        "AnalysisTemplate",
        name,
        part,
        address=str(prometheus.address) if prometheus else None,
        argument=HASH_ARGUMENT,
        metrics=[shared | _judge(metric, part, measuring.no_data) for metric in plan.metrics],
    )


def _plan(site: Site, service: Service, analysis: Analysis, *, finite: bool) -> Plan | None:
    observability = site.environment.observability
    if not analysis.enabled or observability is None or observability.prometheus is None:
        return None
    pods = f'namespace="{site.namespace}",pod=~"{SERVICE}-{{{{args.{HASH_ARGUMENT}}}}}-[a-z0-9]+"'
    window = find_window(site.environment)
    metrics = (*_list_objectives(site, service, pods, window), *_list_own(analysis, pods))
    return Plan(find_measuring(site.environment, analysis, finite=finite), metrics) if metrics else None


def _list_objectives(site: Site, service: Service, pods: str, window: int) -> Iterator[Facts]:
    """The metrics that `slo` needs, of the new version's pods alone; `{service}` stands for the service's name.

    Each is one series by its query.
    """
    metrics, slo = find_metrics(site.environment, service), service.slo
    if slo is None:
        return
    if slo.errors is not None and metrics.requests is not None:
        limit = write_number(slo.errors.fraction)
        query = _ask_errors(metrics.requests, pods, window)
        yield {"name": ERRORS, "query": query, "operator": "<", "threshold": limit}
    if slo.latencyP99 is not None and metrics.latency is not None:
        limit = write_number(count_in_unit(slo.latencyP99, metrics.latency))
        query = _ask_latency(metrics.latency, pods, window)
        yield {"name": LATENCY, "query": query, "operator": "<", "threshold": limit}


def _ask_errors(requests: RequestsMetric, pods: str, window: int) -> str:
    # Without an error so far there is no series of errors, which is 0 and not "no data".
    failed = f"sum(rate({requests.counter}{{{pods},{requests.errors}}}[{window}s])) or vector(0)"
    return f"({failed})\n/\nsum(rate({requests.counter}{{{pods}}}[{window}s]))\n"


def _ask_latency(latency: LatencyMetric, pods: str, window: int) -> str:
    return f"histogram_quantile(0.99, sum by (le) (rate({latency.histogram}_bucket{{{pods}}}[{window}s])))\n"


def _list_own(analysis: Analysis, pods: str) -> Iterator[Facts]:
    """A release's own metrics; `{pods}` stands for the selector of the new version's pods."""
    for metric in analysis.metrics:
        condition = metric.pass_
        threshold = write_number(Decimal(condition.split()[1]))
        facts: Facts = {"name": str(metric.name), "query": metric.query.replace(PODS, f"{{{pods}}}")}
        yield facts | {"operator": condition.operator, "threshold": threshold, "many": True}


def _judge(metric: Facts, service: str, no_data: str) -> Facts:
    """Conditions for Argo Rollouts: met success is a pass, met failure a fail, neither pauses the release."""
    facts = {"name": metric["name"], "query": metric["query"].replace(SERVICE, service)}
    if "many" in metric:
        return facts | _judge_all(metric, no_data)
    there = "len(result) > 0 && !isNaN(result[0])"
    passed = f"result[0] {metric['operator']} {metric['threshold']}"
    if no_data == "pass":
        return facts | {"success": f"len(result) == 0 || isNaN(result[0]) || {passed}"}
    if no_data == "fail":
        return facts | {"success": f"{there} && {passed}"}
    return facts | {"success": f"{there} && {passed}", "failure": f"{there} && !({passed})", "pauses": True}


def _judge_all(metric: Facts, no_data: str) -> Facts:
    """As _judge, of a query that may give several series: each must pass, or the first one would speak for all."""
    passed = f"# {metric['operator']} {metric['threshold']}"
    if no_data == "pass":
        return {"success": f"all(result, isNaN(#) || {passed})"}
    success = f"len(result) > 0 && all(result, !isNaN(#) && {passed})"
    if no_data == "fail":
        return {"success": success}
    return {"success": success, "failure": f"any(result, !isNaN(#) && !({passed}))", "pauses": True}
