"""The workload of a service: which kind runs it, and with what."""

from collections.abc import Iterator
from typing import Any

from hftgen.facts.configuration import PRUNED_LATE
from hftgen.facts.defaults import LATE_SECONDS, count_desired, count_replicas
from hftgen.facts.names import LABEL_INSTANCE, name_headless, name_variant, select_workload
from hftgen.facts.pods import describe_pod
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.releases import ROLLBACK_WINDOW, describe_blue_green, describe_canary
from hftgen.facts.site import Site
from hftgen.facts.storage import describe_disk
from hftgen.facts.volumes import list_claims
from hftgen.spec.pace import DEADLINE, SURGE, find_deadline, find_surge, holds_disk
from hftgen.spec.release import AbTest, BlueGreen, Canary, Rolling
from hftgen.spec.service import Service
from hftgen.spec.volume import Claim

# Which label tells the pods of two revisions apart, so that a new one is spread by itself.
REVISION_LABELS = {"Deployment": "pod-template-hash", "Rollout": "rollouts-pod-template-hash"}


def pick_kind(service: Service) -> str:
    """The Kubernetes kind that runs a service."""
    if service.workload == "stateless":
        return "Rollout" if isinstance(service.release, Canary | BlueGreen) else "Deployment"
    return {"stateful": "StatefulSet", "job": "Job", "cron": "CronJob"}[service.workload]


def describe_workloads(site: Site, name: str, service: Service) -> Iterator[Record]:
    """The service's workload, its variants, and the claims that a workload without templates shares."""
    if service.workload == "job" and site.is_standby:
        return  # it ran where the environment is active; after a failover it runs here
    yield _BUILDERS[pick_kind(service)](site, name, service)
    if service.workload != "stateful":
        yield from _describe_claims(site, name, service)
    if isinstance(service.release, AbTest):
        for variant, item in sorted(service.release.variants.items()):
            # Nothing scales a variant: its share is fixed, and so is the number of its pods.
            replicas = count_desired(service) if item.replicas is None else item.replicas
            record = _describe_deployment(site, name, service, name_variant(name, variant), replicas)
            yield record | {"variant": str(variant)}


def _describe(site: Site, name: str, service: Service, workload: str, **facts: Any) -> Record:
    kind = pick_kind(service)
    pod = describe_pod(site, name, service, workload, symbol=workload)
    for rule in pod.get("spread", []):
        if rule["required"] and kind in REVISION_LABELS:
            rule["revision"] = REVISION_LABELS[kind]
    labels = {LABEL_INSTANCE: workload}
    return describe(site, kind, facts.pop("name", workload), name, labels=labels, pod=pod, **facts)


def _describe_main_deployment(site: Site, name: str, service: Service) -> Record:
    return _describe_deployment(site, name, service, name, count_replicas(site, service))


def _describe_deployment(site: Site, name: str, service: Service, workload: str, replicas: int | None) -> Record:
    # Two pods on two nodes cannot hold such a claim: the old one must go first.
    recreate = holds_disk(service)
    surge = None if recreate else _describe_surge(service)
    selector = select_workload(name, workload)
    deadline = find_deadline(service)
    return _describe(
        site,
        name,
        service,
        workload,
        selector=selector,
        replicas=replicas,
        surge=surge,
        recreate=recreate or None,
        deadline=deadline if deadline != DEADLINE else None,
    )


def _describe_surge(service: Service) -> Facts | None:
    """What is not Kubernetes' own default; both are said together, for one alone says little."""
    surge, missing = find_surge(service)
    return None if surge == missing == SURGE else {"maxSurge": _write(surge), "maxUnavailable": _write(missing)}


def _write(amount: int | str) -> int | str:
    return amount if isinstance(amount, int) else str(amount)


def _describe_rollout(site: Site, name: str, service: Service) -> Record:
    release = service.release
    if isinstance(release, Canary):
        strategy = {"canary": describe_canary(site, name, service, release)}
    elif isinstance(release, BlueGreen):
        strategy = {"blueGreen": describe_blue_green(site, name, service, release)}
    else:
        raise TypeError(f"{name}: a Rollout has a canary or blue-green release")
    return _describe(
        site,
        name,
        service,
        name,
        selector=select_workload(name, name),
        replicas=count_replicas(site, service),
        deadline=find_deadline(service),
        rollback=None if site.is_standby else ROLLBACK_WINDOW,
        **strategy,
    )


def _describe_stateful_set(site: Site, name: str, service: Service) -> Record:
    release = service.release
    partition = release.partition if isinstance(release, Rolling) else None
    return _describe(
        site,
        name,
        service,
        name,
        selector=select_workload(name, name),
        headless=name_headless(name),
        replicas=count_replicas(site, service),
        # Shards know nothing of each other: one that does not start must not keep the others from starting.
        parallel=service.instances == "sharded" or None,
        partition=partition or None,
        claims=[_describe_claim(site, service, key, claim) for key, claim in list_claims(service).items()] or None,
    )


def _describe_job(site: Site, name: str, service: Service) -> Record:
    """A Job's template is immutable, so each content has a name of its own, and runs once.

    The template adds a hash of what is written to the name; images, which kustomize writes, are told apart here.
    """
    images = sorted(str(container.image) for container in (service, *service.init, *service.sidecars.values()))
    # Argo CD takes the old one away once the new one is done.
    return _describe(site, name, service, name, annotations=PRUNED_LATE, images=images)


def _describe_cron_job(site: Site, name: str, service: Service) -> Record:
    return _describe(
        site,
        name,
        service,
        name,
        schedule=str(service.schedule),
        timeZone=str(service.timeZone or "Etc/UTC"),
        # A run that takes too long must not meet the next one.
        concurrency=(service.concurrency or "forbid").capitalize(),
        deadline=service.deadline.seconds if service.deadline else LATE_SECONDS,
        history=service.history.model_dump(mode="json") if service.history else None,
        suspend=site.is_standby or None,
    )


def _describe_claims(site: Site, name: str, service: Service) -> Iterator[Record]:
    for key, claim in list_claims(service).items():
        facts = _describe_claim(site, service, key, claim)
        yield describe(site, "PersistentVolumeClaim", f"{name}-{key}", name, claim=facts)


def _describe_claim(site: Site, service: Service, key: str, claim: Claim) -> Facts:
    return {
        "name": key,
        **describe_disk(site, claim.size, claim.class_, service.pool),
        "access": claim.access,
    }


_BUILDERS = {
    "Deployment": _describe_main_deployment,
    "Rollout": _describe_rollout,
    "StatefulSet": _describe_stateful_set,
    "Job": _describe_job,
    "CronJob": _describe_cron_job,
}
