"""What Prometheus tells of a service's releases, and the verdict of its A/B test: one PrometheusRule.

The Rollouts controller says what each Rollout does by `rollout_info` (Argo Rollouts 1.9, controller/metrics).
"""

from collections.abc import Iterator

from hftgen.facts.addons import has_alerts
from hftgen.facts.experiments import describe_verdict
from hftgen.facts.names import name_runbook
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.facts.workload import pick_kind
from hftgen.spec.pace import find_wait_alert
from hftgen.spec.release import AbTest
from hftgen.spec.service import Service
from hftgen.spec.units.duration import write_seconds

PAUSED = ("Paused",)
FAILED = ("Abort", "Error", "InvalidSpec", "Timeout")


def describe_rules(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The rules of a service, where an operator reads them."""
    if site.addon("prometheus-operator") is None:
        return
    groups: list[Facts] = []
    if has_alerts(site) and pick_kind(service) == "Rollout":
        groups.append(
            {"name": f"{name}-release", "rules": [_tell_paused(site, name, service), _tell_failed(site, name)]}
        )
    if isinstance(service.release, AbTest):
        groups.append(describe_verdict(site, name, service.release, alerts=has_alerts(site)))
    if groups:
        yield describe(site, "PrometheusRule", name, name, labels=select_labels(site), groups=groups)


def select_labels(site: Site) -> dict[str, str]:
    """The labels by which Prometheus finds rules."""
    observability = site.environment.observability
    prometheus = observability.prometheus if observability else None
    return {str(key): str(value) for key, value in prometheus.labels.items()} if prometheus else {}


def _tell_paused(site: Site, name: str, service: Service) -> Facts:
    return {
        "alert": "ReleasePaused",
        "why": "Its namespace is exported_namespace where Prometheus keeps namespace for the pod it scraped.",
        "expr": _ask_phase(site, name, PAUSED),
        "for": write_seconds(find_wait_alert(service)),
        "labels": {"severity": "warning", "service": name},
        "annotations": {
            "summary": f"A release of {name} waits for a person.",
            "description": "Promote or abort it before its next session: a freeze stops syncs, and leaves a paused "
            "release with the traffic that it has.",
            "runbook": name_runbook(site.environment.environment, name),
        },
    }


def _tell_failed(site: Site, name: str) -> Facts:
    return {
        "alert": "ReleaseFailed",
        "expr": _ask_phase(site, name, FAILED),
        "for": "1m",
        "labels": {"severity": "critical", "service": name},
        "annotations": {
            "summary": f"A release of {name} has failed ({{{{ $labels.phase }}}}).",
            "description": "The old version has the traffic; Git still names the new one. Set the old one in the spec.",
            "runbook": name_runbook(site.environment.environment, name),
        },
    }


def _ask_phase(site: Site, name: str, phases: tuple[str, ...]) -> str:
    matcher = f'phase="{phases[0]}"' if len(phases) == 1 else f'phase=~"{"|".join(phases)}"'
    which = f'name="{name}",{matcher}'
    places = (f'{label}="{site.namespace}"' for label in ("exported_namespace", "namespace"))
    asked = "\n  or ".join(f"rollout_info{{{place},{which}}}" for place in places)
    return f"max by (name, phase) (\n  {asked}\n) > 0\n"
