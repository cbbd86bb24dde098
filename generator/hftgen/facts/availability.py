"""How many pods there are, and how many may be away: autoscalers and disruption budgets."""

from collections.abc import Iterator

from hftgen.facts.defaults import count_desired, is_trading
from hftgen.facts.names import name_variant, select_workload
from hftgen.facts.record import KINDS, Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.facts.workload import pick_kind
from hftgen.spec.release import AbTest
from hftgen.spec.scaling import MinAvailable
from hftgen.spec.service import Service

NOBODY: Facts = {"maxUnavailable": 0}

# How pods go again by latency class; how they come is Kubernetes' own: at once, doubled every 15 seconds.
DOWN: dict[str, Facts] = {
    "low": {"wait": 1800, "type": "Pods", "value": 1, "period": 300},
    "standard": {"wait": 300, "type": "Percent", "value": 25, "period": 60},
}

REASONS = {
    "low": "Volume of an opening comes back before the close: what was added stays half an hour, then goes one by one.",
    "standard": "What was added stays five minutes, then goes by quarters: each that goes breaks connections.",
}


def describe_autoscaler(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The autoscaler of a service that asks for one."""
    scale = service.autoscale
    if scale is None or service.workload in ("job", "cron"):
        return
    kind = pick_kind(service)
    goals = {"cpu": scale.cpu, "memory": scale.memory}
    yield describe(
        site,
        "HorizontalPodAutoscaler",
        name,
        name,
        target={"apiVersion": KINDS[kind].version, "kind": kind, "name": name},
        min=scale.min,
        max=scale.max,
        down=DOWN[service.latency],
        why=REASONS[service.latency],
        goals=[{"resource": key, "utilization": int(goal.percent)} for key, goal in goals.items() if goal is not None],
    )


def describe_budgets(site: Site, name: str, service: Service) -> Iterator[Record]:
    """How many pods a drain may take at once: as the spec says, else one, and none where a pod trades for money.

    A single pod has no budget: one that allows a disruption says nothing, and one that does not blocks every drain.
    """
    if service.workload in ("job", "cron"):
        return
    budget = _describe_budget(site, service)
    if budget is None:
        return
    workloads = [name]
    if isinstance(service.release, AbTest):
        variants = sorted(service.release.variants.items())
        workloads += [name_variant(name, key) for key, variant in variants if variant.replicas != 1]
    for workload in workloads:
        selector = select_workload(name, workload)
        yield describe(
            site,
            "PodDisruptionBudget",
            workload,
            name,
            selector=selector,
            budget=budget,
            # A stateful one that is not ready may be on its way back to what it remembers.
            evictBroken=True if service.workload == "stateless" and budget != NOBODY else None,
        )


def _describe_budget(site: Site, service: Service) -> Facts | None:
    said = service.disruption
    if said is not None:
        amount = said.minAvailable if isinstance(said, MinAvailable) else said.maxUnavailable
        return {said.KIND: amount if isinstance(amount, int) else str(amount)}
    if is_trading(service) and site.environment.tier == "production":
        return NOBODY
    return {"maxUnavailable": 1} if count_desired(service) > 1 else None
