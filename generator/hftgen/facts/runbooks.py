"""What the runbook of each service says: how it is released, drained and brought back, and what a freeze leaves.

Decided here, so that the page is as true as the objects: the same paces, budgets and strategies.
"""

from collections.abc import Sequence

from hftgen.facts.addons import has_alerts
from hftgen.facts.analysis import Plan, plan_canary, plan_gate
from hftgen.facts.availability import NOBODY, describe_budgets
from hftgen.facts.defaults import count_desired, count_replicas, is_trading
from hftgen.facts.experiments import SAMPLE_MINUTES, count_window
from hftgen.facts.names import name_ordinal, name_preview, name_scoped, name_variant
from hftgen.facts.record import Facts
from hftgen.facts.releases import ROLLBACK_WINDOW, find_router, find_scale_down
from hftgen.facts.site import Site
from hftgen.facts.volumes import list_claims
from hftgen.facts.workload import pick_kind
from hftgen.spec.pace import find_grace, find_pace, find_wait_alert, promotes_itself
from hftgen.spec.release import AbTest, BlueGreen, Canary, HeaderVariant, Rolling
from hftgen.spec.service import Service
from hftgen.spec.units.duration import write_seconds


def derive_runbooks(sites: Sequence[Site]) -> Facts:
    """By service: what its runbook says, for the primary cluster where it runs, else for the first."""
    names = sorted({name for site in sites for name in site.services})
    return {name: _describe(name, [site for site in sites if name in site.services]) for name in names}


def _describe(name: str, sites: list[Site]) -> Facts:
    """`{kind, cluster, places, release, freeze, drain, ...}`; what does not apply is left out."""
    site = next((site for site in sites if not site.is_standby), sites[0])
    service = site.services[name]
    kind = pick_kind(service)
    facts: Facts = {
        "kind": kind,
        "cluster": site.name,
        "namespace": site.namespace,
        "application": _name_application(site, name),
        "places": [_describe_place(each, name) for each in sites],
        "release": _describe_release(site, name, service),
        "freeze": _describe_freeze(site, service),
        "drain": _describe_drain(site, name, service) if kind not in ("Job", "CronJob") else None,
        "sessions": is_trading(service) or service.workload == "stateful",
        "alert": write_seconds(find_wait_alert(service)) if kind == "Rollout" and has_alerts(site) else None,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _name_application(site: Site, name: str) -> str:
    return name_scoped(site.project, site.environment.environment, name)


def _describe_place(site: Site, name: str) -> Facts:
    service = site.services[name]
    count = count_replicas(site, service)
    scale = service.autoscale
    pods = f"{scale.min} to {scale.max}" if scale is not None else str(count)
    if service.workload in ("job", "cron"):
        pods = {"job": "none", "cron": "suspended"}[service.workload] if site.is_standby else "as it runs"
    return {"cluster": site.name, "role": site.cluster.role, "pods": pods}


def _describe_release(site: Site, name: str, service: Service) -> Facts:
    pace = find_pace(site.environment, service)
    facts: Facts = {"strategy": service.release.strategy, "person": pace.person}
    if pace.parts:
        facts["longest"] = write_seconds(pace.seconds)
    release = service.release
    if isinstance(release, Canary):
        return facts | _describe_canary(site, service, release)
    if isinstance(release, BlueGreen):
        return facts | _describe_blue_green(site, name, service, release)
    if isinstance(release, AbTest):
        return facts | _describe_test(name, release)
    return facts | (_describe_ordinals(name, service, release) if service.workload == "stateful" else {})


def _describe_canary(site: Site, service: Service, release: Canary) -> Facts:
    pauses = [{} if step.pause is None else {"pause": str(step.pause)} for step in release.steps]
    plan = plan_canary(site, service)
    router, header = find_router(service), release.traffic.header
    return {
        "steps": [{"weight": step.weight, **pause} for step, pause in zip(release.steps, pauses, strict=True)],
        "rollback": ROLLBACK_WINDOW,
        **({"analysis": _describe_analysis(plan)} if plan else {}),
        **({"router": router} if router else {}),
        **({"header": f"{header.name}: {header.value}"} if header else {}),
    }


def _describe_blue_green(site: Site, name: str, service: Service, release: BlueGreen) -> Facts:
    gates = {stage: _describe_analysis(plan) for stage in ("pre", "post") if (plan := plan_gate(site, service, stage))}
    return {
        "preview": name_preview(name),
        "automatic": promotes_itself(site.environment, release),
        "drain": write_seconds(find_scale_down(site, service, release)),
        "rollback": ROLLBACK_WINDOW,
        **gates,
    }


def _describe_analysis(plan: Plan) -> Facts:
    measuring = plan.measuring
    return {
        "metrics": [metric["name"] for metric in plan.metrics],
        "interval": write_seconds(measuring.interval),
        "failures": measuring.failures,
        "noData": measuring.no_data,
    }


def _describe_test(name: str, release: AbTest) -> Facts:
    return {
        "variants": [
            {
                "name": str(key),
                "workload": name_variant(name, key),
                "share": f"requests with {variant.header.name}: {variant.header.value}"
                if isinstance(variant, HeaderVariant)
                else f"{variant.weight} % of the requests",
            }
            for key, variant in sorted(release.variants.items())
        ],
        "better": release.metric.better,
        "samples": release.metric.minSamples,
        "each": f"{SAMPLE_MINUTES}m",
        "window": write_seconds(count_window(release.metric) * 60),
        "until": str(release.until),
    }


def _describe_ordinals(name: str, service: Service, release: object) -> Facts:
    partition = (release.partition if isinstance(release, Rolling) else None) or 0
    ordinals = range(count_desired(service) - 1, -1, -1)
    return {
        "partition": partition,
        "now": [name_ordinal(name, ordinal) for ordinal in ordinals if ordinal >= partition],
        "later": [name_ordinal(name, ordinal) for ordinal in ordinals if ordinal < partition],
        "parallel": service.instances == "sharded",
    }


def _describe_freeze(site: Site, service: Service) -> Facts | None:
    shared, own = site.environment.gitops.freeze, service.freeze
    calendars = () if shared is None else shared.calendars if own is None else own.calendars
    if shared is None or not calendars:
        return None
    before, after = (own.before, own.after) if own is not None else (None, None)
    return {
        "calendars": [str(calendar) for calendar in calendars],
        "before": str(shared.before if before is None else before),
        "after": str(shared.after if after is None else after),
        "manualSync": shared.manualSync,
    }


def _describe_drain(site: Site, name: str, service: Service) -> Facts:
    budgets = [record["budget"] for record in describe_budgets(site, name, service)]
    wanted = count_desired(service)
    return {
        "budget": " ".join(f"{key} {amount}" for key, amount in budgets[0].items()) if budgets else None,
        "byHand": NOBODY in budgets,
        "alone": wanted == 1 and not budgets,
        "pods": [name_ordinal(name, ordinal) for ordinal in range(wanted)] if service.workload == "stateful" else [],
        "grace": write_seconds(find_grace(service)),
        "claims": bool(list_claims(service)),
    }
