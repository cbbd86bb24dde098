"""Prometheus and Grafana on one machine: what is scraped, and a dashboard of what services say of themselves."""

from collections.abc import Iterator

from hftgen.facts.bases import pin
from hftgen.facts.network import find_metrics_port
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.objectives import find_metrics
from hftgen.spec.observability import LatencyMetric, RequestsMetric

PROMETHEUS = "prom/prometheus:v3.5.0"
GRAFANA = "grafana/grafana:12.3.1"

INTERVAL = "15s"

# Grafana's names of units.
UNITS = {"seconds": "s", "milliseconds": "ms", "microseconds": "µs", "nanoseconds": "ns"}


def describe_monitoring(site: Site) -> Facts:
    """`{prometheus, grafana, interval, targets, panels}`: images, what is scraped, and the dashboard's panels."""
    observability = site.environment.observability
    said = observability.prometheus if observability is not None else None
    return {
        "prometheus": pin(PROMETHEUS, site.tables),
        "grafana": pin(GRAFANA, site.tables),
        "interval": str(said.scrapeInterval) if said is not None else INTERVAL,
        "targets": list(_list_targets(site)),
        "panels": [{"title": "Who answers", "unit": "bool_on_off", "query": "up"}, *_list_panels(site)],
    }


def _list_targets(site: Site) -> Iterator[Facts]:
    for name, service in sorted(site.services.items()):
        port = find_metrics_port(service)
        if port is not None and service.workload in ("stateless", "stateful"):
            path = str(service.metrics.path) if service.metrics is not None else "/metrics"
            number = next(int(each.target) for key, each in service.ports.items() if key == port)
            yield {"service": name, "address": f"{name}:{number}", "path": path}


def _list_panels(site: Site) -> Iterator[Facts]:
    """Panels of each metric that services export, once for all services that export it."""
    found = [find_metrics(site.environment, site.services[target["service"]]) for target in _list_targets(site)]
    requests = {metrics.requests.counter: metrics.requests for metrics in found if metrics.requests is not None}
    latencies = {metrics.latency.histogram: metrics.latency for metrics in found if metrics.latency is not None}
    for _, counted in sorted(requests.items()):
        yield from _draw_requests(counted)
    for _, measured in sorted(latencies.items()):
        yield _draw_latency(measured)


def _draw_requests(metric: RequestsMetric) -> Iterator[Facts]:
    counter = str(metric.counter)
    total = f"sum by (service) (rate({counter}[1m]))"
    yield {"title": f"Requests a second: {counter}", "unit": "reqps", "query": total}
    failed = f"sum by (service) (rate({counter}{{{metric.errors}}}[1m]))"
    yield {"title": f"Errors: {counter}", "unit": "percentunit", "query": f"{failed} / {total}"}


def _draw_latency(metric: LatencyMetric) -> Facts:
    query = f"histogram_quantile(0.99, sum by (service, le) (rate({metric.histogram}_bucket[1m])))"
    return {"title": f"Latency, 99th percentile: {metric.histogram}", "unit": UNITS[metric.unit], "query": query}
