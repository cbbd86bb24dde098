"""Releases that work as they are said, and are seldom meant so."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.experiments import VARIANT
from hftgen.facts.names import name_variant
from hftgen.spec.load import Loaded
from hftgen.spec.pace import find_pace
from hftgen.spec.release import AbTest, Canary
from hftgen.spec.rules.scope import list_runs
from hftgen.spec.rules.unattended import find_margin, is_frozen
from hftgen.spec.units.duration import write_seconds


def find_retired_routers(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X12: ingress-nginx was retired on 2026-03-24; nobody mends what is found in it."""
    for name, service in sorted(loaded.environment.services.items()):
        if isinstance(service.release, Canary) and service.release.traffic.router == "nginx":
            yield make_finding(
                loaded,
                "HFT-X12",
                ("services", name, "release", "traffic", "router"),
                "ingress-nginx was retired on 2026-03-24: nobody mends what is found in it",
                "expose by the gateway, and say router: gateway or istio",
            )


def find_blind_verdicts(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X13: a query that does not name its variant gives every version the same number."""
    for name, service in sorted(loaded.environment.services.items()):
        release = service.release
        if isinstance(release, AbTest) and VARIANT not in release.metric.query:
            yield make_finding(
                loaded,
                "HFT-X13",
                ("services", name, "release", "metric", "query"),
                f"the query does not name {VARIANT}, so that every version gets the same number and none can win",
                f'select by a label of the variant, such as variant="{VARIANT}"',
            )


def find_lost_variants(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X15: the gateway's route divides requests; behind another way in, callers choose a variant by its Service."""
    for name, service in sorted(loaded.environment.services.items()):
        release = service.release
        runs = [services[name] for services in loaded.services.values() if name in services]
        if isinstance(release, AbTest) and not any(run.expose and run.expose.via == "gateway" for run in runs):
            services = " or ".join(name_variant(name, str(variant)) for variant in sorted(release.variants))
            yield make_finding(
                loaded,
                "HFT-X15",
                ("services", name, "release", "variants"),
                "no route divides requests between the versions: the gateway does, and does not expose the service. "
                f"A variant gets those of callers that ask for {services} by name",
                "say expose: {via: gateway}, or let the callers choose",
            )


def find_bare_freezes(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X14: a release goes on inside a freeze that begins with its session; a margin would let it end before."""
    runs = [run for run in list_runs(loaded) if is_frozen(run) and find_margin(run) is None]
    longest = max((find_pace(loaded.environment, run.service).seconds for run in runs), default=0)
    if longest:
        yield make_finding(
            loaded,
            "HFT-X14",
            ("gitops", "freeze"),
            "the freeze begins with the session, and a release that a sync starts just before goes on inside it: "
            f"without a person for up to {write_seconds(longest)}",
            f"say before: more than {write_seconds(longest)}, and hftgen holds every release against it",
        )
