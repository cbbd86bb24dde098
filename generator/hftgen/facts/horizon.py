"""An alert before the calendar data of the freezes ends: whoever looks at a cluster need not look at the spec."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from hftgen.facts.addons import has_alerts
from hftgen.facts.alerts import select_labels
from hftgen.facts.record import Record, describe
from hftgen.facts.site import Site
from hftgen.spec.units import Date

GROUP = "freeze"

# So many days before its end it is said, so that there is time to render anew.
NEAR = 90


def describe_horizon(site: Site, part: str) -> Iterator[Record]:
    """The alert, where anything freezes and an operator reads rules."""
    freeze = site.environment.gitops.freeze
    frozen = freeze is not None and (
        freeze.calendars or any(service.freeze and service.freeze.calendars for service in site.services.values())
    )
    if not frozen or freeze is None or freeze.horizon is None:
        return
    if site.addon("prometheus-operator") is None or not has_alerts(site):
        return
    groups = [{"name": GROUP, "rules": [_tell_near(freeze.horizon.end)]}]
    yield describe(site, "PrometheusRule", part, part, labels=select_labels(site), groups=groups)


def _tell_near(end: Date) -> dict[str, object]:
    near = datetime.combine(end.date - timedelta(days=NEAR), time(), UTC)
    return {
        "alert": "FreezeHorizonNear",
        "why": f"Since {near.date()}, {NEAR} days before the calendar data ends.",
        "expr": f"vector(time()) > {int(near.timestamp())}",
        "labels": {"severity": "warning"},
        "annotations": {
            "summary": f"No trading session after {end} is known to the freeze windows.",
            "description": "Move gitops.freeze.horizon.end on and render. Until then the windows stay as they are, and "
            "a session at new hours, or on a day that had none, is open to syncs.",
        },
    }
