"""The targets in the order of promotion, and the jobs that bring images there: by merge request, never by hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hftgen.facts.pipelines.checks import SCRIPTS
from hftgen.facts.pipelines.job import Event, Job
from hftgen.facts.record import Facts

TIERS = ("development", "staging", "production")


class Rung(NamedTuple):
    """One target. `gate`: its integration tests decide about those after it; `held`: a person says that it goes there.

    `event`: when images come here. `facts` are for the scripts (delivery.json).
    """

    name: str
    gate: bool
    held: bool
    event: Event
    facts: Facts


def climb(contexts: Mapping[str, Facts]) -> list[Rung]:
    """The targets of a commit, then those of a release, each in the order of tier and name."""
    ordered = sorted(contexts.items(), key=lambda item: (TIERS.index(item[1]["tier"]), item[0]))
    return [_make_rung(name, context) for name, context in ordered]


def find_gate(rungs: Sequence[Rung]) -> str:
    """The last target whose tests decide about a release, or empty."""
    return next((rung.name for rung in reversed(rungs) if rung.gate), "")


def list_deliveries(rungs: Sequence[Rung], integration: str) -> Iterator[Job]:
    """Delivery, health check, tests and the way back of each target. `integration` is the command of the tests."""
    # What a target was given, the next one gets, once the last question of it is answered.
    before: dict[Event, tuple[str, ...]] = {"main": ("publish",), "release": ("release",)}
    for rung in rungs:
        jobs = list(_list_jobs(rung, before[rung.event], integration))
        yield from jobs
        last = next(job.name for job in reversed(jobs) if not job.name.endswith(":rollback"))
        before[rung.event] = (last, jobs[0].name)


def _list_jobs(rung: Rung, before: tuple[str, ...], integration: str) -> Iterator[Job]:
    deliver = _make_delivery(rung, before)
    smoke = _make_check(rung, deliver.name)
    yield deliver
    yield smoke
    if rung.gate:
        yield _make_gate(rung, (smoke.name, deliver.name), integration)
    yield _make_return(rung, deliver.name)


def _make_delivery(rung: Rung, before: tuple[str, ...]) -> Job:
    return Job(
        f"{rung.name}:deliver",
        _name_stage(rung),
        _explain(rung),
        (rung.event,),
        # A freeze is told, and keeps nobody: a merge into a frozen target waits there for Argo CD's window.
        (
            *((f"python3 {SCRIPTS}/frozen.py {rung.name} || test $? -eq 75",) if rung.facts["windows"] else ()),
            f"python3 {SCRIPTS}/deliver.py set {rung.name}{'' if rung.held else ' --merge'} images/*.ref",
        ),
        60,
        "tools",
        needs=before,
        keeps=("images/*.ref",),
        days=90,
        tokens=("platform",),
        environment=rung.name,
        approval=rung.held,
        exclusive=_lock(rung),
        lasting=True,
        history=True,
    )


def _make_check(rung: Rung, deliver: str) -> Job:
    return Job(
        f"{rung.name}:smoke",
        _name_stage(rung),
        "The handbook's health check after the sync: Argo CD says Synced and Healthy, each exposed service answers.",
        (rung.event,),
        (f"python3 {SCRIPTS}/smoke.py {rung.name}",),
        45,
        "tools",
        needs=(deliver,),
        tokens=("argocd",),
        environment=rung.name,
        approval=rung.held,
        # Until a gate has tested it, no other delivery may change what is tested.
        exclusive=_lock(rung) if rung.gate else "",
        lasting=True,
        # Only the last target: what comes after the others must not be promoted on a check that never was.
        patient=rung.held and bool(rung.facts["windows"]),
    )


def _make_return(rung: Rung, deliver: str) -> Job:
    return Job(
        f"{rung.name}:rollback",
        _name_stage(rung),
        "The way back is a merge request too: the images before the last delivery. A release in steps aborts faster; "
        "its runbook says how.",
        (rung.event,),
        (f"python3 {SCRIPTS}/deliver.py rollback {rung.name}{'' if rung.held else ' --merge'}",),
        60,
        "tools",
        needs=(deliver,),
        tokens=("platform",),
        environment=rung.name,
        approval=True,
        exclusive=_lock(rung),
        lasting=True,
        history=True,
    )


def _make_gate(rung: Rung, needs: tuple[str, ...], integration: str) -> Job:
    return Job(
        f"{rung.name}:integration",
        _name_stage(rung),
        "The gate: what passes here is attested on the images, and a release asks for that attestation.",
        (rung.event,),
        (f"bash {SCRIPTS}/gate.sh {rung.name} {integration}",),
        90,
        "tools",
        needs=needs,
        keeps=("reports/",),
        junit=("reports/*.xml",),
        tokens=("registry", "sigstore"),
        environment=rung.name,
        exclusive=_lock(rung),
        lasting=True,
    )


def _lock(rung: Rung) -> str:
    return f"platform-{rung.name}"


def _name_stage(rung: Rung) -> str:
    # An environment may be called `test` or `build`, as other stages are.
    return f"{rung.name}:"


def _explain(rung: Rung) -> str:
    if not rung.held:
        return "A merge request to the platform's repository sets the images by digest; Argo CD does the rest."
    return "Opens the merge request; whoever owns the target approves it there, and Argo CD's windows still hold it."


def _make_rung(name: str, context: Facts) -> Rung:
    tier = context["tier"]
    held = tier == "production"
    facts = {
        "name": name,
        "tier": tier,
        "applications": list(_list_applications(context)),
        "servers": list(_list_servers(context)),
        "windows": list(_list_windows(context)),
        "checks": list(_list_checks(context)),
        "notes": _tell_freeze(context),
    }
    return Rung(name, tier == "staging", held, "release" if held else "main", facts)


def _list_applications(context: Facts) -> Iterator[Facts]:
    """The Applications that a delivery changes: those of services."""
    for cluster, facts in sorted(context["clusters"].items()):
        for application in facts["argocd"]["applications"]:
            if application["part"] in facts["services"]:
                yield {"name": application["name"], "cluster": cluster, "service": application["part"]}


def _list_servers(context: Facts) -> Iterator[Facts]:
    """The Argo CD of each cluster: its tokens are its own, by a suffix of variables and a field in Vault.

    Where there is one there is nothing to tell apart.
    """
    several = len(context["clusters"]) > 1
    for cluster in sorted(context["clusters"]):
        suffix = f"_{cluster.upper().replace('-', '_')}" if several else ""
        yield {"cluster": cluster, "suffix": suffix, "field": cluster if several else "token"}


def _list_windows(context: Facts) -> Iterator[Facts]:
    """The deny windows of all clusters; two clusters with the same window have one."""
    known: list[Any] = []
    for _, facts in sorted(context["clusters"].items()):
        for window in facts["argocd"]["syncWindows"]:
            said = {key: window[key] for key in ("schedule", "duration", "timeZone", "applications")}
            if said not in known:
                known.append(said)
                yield said


def _list_checks(context: Facts) -> Iterator[Facts]:
    """What answers over HTTP from outside: each exposed host once, by the path of its readiness."""
    for name, service in sorted(context["services"].items()):
        expose = service.get("expose") or {}
        ready = (service.get("probes") or {}).get("ready") or {}
        if expose.get("host") and expose["via"] != "loadBalancer" and "http" in ready:
            scheme = "http" if context["tier"] == "development" and not expose.get("tls") else "https"
            yield {"service": name, "url": f"{scheme}://{expose['host']}{ready['http']}"}


def _tell_freeze(context: Facts) -> str:
    calendars = ((context["gitops"].get("freeze") or {}).get("calendars")) or []
    if not calendars:
        return ""
    return f"Frozen while {', '.join(calendars)} trade, and as services say: merged in a freeze, it is synced after it."
