"""How long a release takes: what is waited for after each step or batch, and what ends the waiting.

The one place for it: the facts render these numbers, and the rules hold them against what freezes and pauses allow.
All spans are whole seconds.
"""

from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

from hftgen.spec.probe import Budget, Probes
from hftgen.spec.release import AbTest, Analysis, BlueGreen, Canary, Rolling
from hftgen.spec.units import Percentage
from hftgen.spec.volume import Claim

if TYPE_CHECKING:
    from hftgen.spec.environment import Environment
    from hftgen.spec.service import Service

# Kubernetes' own: no pod that becomes ready for so long, and a release makes no progress.
DEADLINE = 600
# A pod may use all the time that its probe allows, and its image must be fetched and a place found for it before.
BEFORE_START = 300

INTERVAL = 60
FAILURES = 2
# How often a measurement that must end is taken.
GATE_COUNT = 5
# A rate needs two scrapes, and a scrape may be late.
SCRAPES_IN_WINDOW = 4

# So much longer than the longest pause that ends by itself, a paused release waits for a person.
BEYOND_PAUSE = 300
SHORTEST_WAIT = 600

# Kubernetes' own where a spec says nothing.
PROBE_PERIOD = 10
PROBE_FAILURES = 3
GRACE = 30
# What a pod that trades has for its end, unless the spec says: orders are cancelled, sessions closed, journals synced.
TRADING_GRACE = 60
MANUAL = "manual"

# Kubernetes' own for a Deployment, and documented by Rollouts as 25% and as 1: always said there.
SURGE = Percentage("25%")

NoData = Literal["pause", "fail", "pass"]


class Measuring(NamedTuple):
    """How often something is measured, after which delay, how many failures are tolerated, and what no data means."""

    interval: int
    delay: int
    failures: int
    no_data: NoData
    times: int
    """How often; 0: as long as the release goes on."""

    @property
    def until_failure(self) -> int:
        """Seconds from the beginning to the measurement that can fail it."""
        return self.delay + self.failures * self.interval

    @property
    def longest(self) -> int:
        """Seconds until a finite analysis has ended."""
        return self.delay + self.times * self.interval


Wait = Literal["ready", "restarted", "pause", "analysis"]
"""What is waited for: pods that become ready, one that stops before, a pause, an analysis that must end."""


class Pace(NamedTuple):
    """What an unattended release waits for, and how many seconds; `person` where it then waits for one."""

    parts: tuple[tuple[int, Wait], ...]
    person: bool = False

    @property
    def seconds(self) -> int:
        """The worst case."""
        return sum(seconds for seconds, _ in self.parts)


def find_deadline(service: "Service") -> int:
    """Seconds without a new ready pod after which a release is given up: enough for the slowest start it allows."""
    return max(DEADLINE, _count_start(service.probes) + BEFORE_START)


def _count_start(probes: Probes) -> int:
    """Seconds that its probes let a pod take before it is ready; 0 where they set no bound."""
    startup = probes.startup
    if startup is None:
        return 0
    if isinstance(startup, Budget):
        return startup.budget.seconds
    delay, period = (0 if span is None else span.seconds for span in (startup.delay, startup.period))
    return delay + (period or PROBE_PERIOD) * (startup.failures or PROBE_FAILURES)


def find_grace(service: "Service") -> int:
    """Seconds from the order to stop until a pod is killed."""
    said = service.shutdown.grace
    if said is not None:
        return said.seconds
    return TRADING_GRACE if service.latency == "tick-to-trade" else GRACE


def find_surge(service: "Service") -> tuple[int | Percentage, int | Percentage]:
    """What a rolling release may add, and what it may miss; a latency class above `standard` misses nobody."""
    release = service.release
    said = (release.maxSurge, release.maxUnavailable) if isinstance(release, Rolling) else (None, None)
    surge = SURGE if said[0] is None else said[0]
    if said[1] is not None:
        return surge, said[1]
    needs_all = service.latency != "standard" and surge not in (0, "0%")
    return surge, 0 if needs_all else SURGE


def count_surge(amount: int | Percentage, pods: int) -> int:
    """Kubernetes rounds a surge up."""
    if isinstance(amount, Percentage):
        return ceil(pods * amount.fraction)
    return amount if pods else 0


def holds_disk(service: "Service") -> bool:
    """Whether one node at a time may hold its disk: the old pod goes before the new one comes."""
    claims = [volume for volume in service.volumes.values() if isinstance(volume, Claim)]
    return any(claim.access in ("ReadWriteOnce", "ReadWriteOncePod") for claim in claims)


def find_window(environment: "Environment") -> int:
    """Seconds over which a rate is taken, and which new pods need before they can be measured; 0: nobody measures."""
    observability = environment.observability
    prometheus = observability.prometheus if observability else None
    return SCRAPES_IN_WINDOW * prometheus.scrapeInterval.seconds if prometheus else 0


def find_measuring(environment: "Environment", analysis: Analysis, *, finite: bool) -> Measuring:
    """An analysis with what it leaves out."""
    failures = FAILURES if analysis.failures is None else analysis.failures
    return Measuring(
        interval=INTERVAL if analysis.interval is None else analysis.interval.seconds,
        delay=find_window(environment),
        failures=failures,
        no_data=analysis.noData or ("pause" if environment.tier == "production" else "pass"),
        times=max(GATE_COUNT, failures + 1) if finite else 0,
    )


def find_analysis(environment: "Environment", service: "Service") -> Analysis | None:
    """What is measured in the background of a canary: left out it is none in development, else what `slo` says."""
    release = service.release
    if not isinstance(release, Canary):
        return None
    analysis = release.analysis or Analysis(enabled=environment.tier != "development" and service.slo is not None)
    return analysis if analysis.enabled else None


def promotes_itself(environment: "Environment", release: BlueGreen) -> bool:
    """Whether a blue-green release switches without a person: as said, else everywhere but in production."""
    return environment.tier != "production" if release.autoPromote is None else release.autoPromote


def find_wait_alert(service: "Service") -> int:
    """Seconds after which a paused release waits for a person: longer than each pause that ends by itself."""
    steps = service.release.steps if isinstance(service.release, Canary) else ()
    longest = max((step.pause.seconds for step in steps if step.pause and step.pause != MANUAL), default=0)
    return max(SHORTEST_WAIT, longest + BEYOND_PAUSE)


def find_pace(environment: "Environment", service: "Service") -> Pace:
    """What an unattended release waits for where the service is active; what follows a person's word is not counted."""
    release = service.release
    if service.workload in ("job", "cron"):
        return Pace(())
    if isinstance(release, Canary):
        return _pace_canary(service, release)
    if isinstance(release, BlueGreen):
        return _pace_blue_green(environment, service, release)
    return _pace_ordinals(service) if service.workload == "stateful" else _pace_batches(service)


def _pace_canary(service: "Service", release: Canary) -> Pace:
    deadline = find_deadline(service)
    parts: list[tuple[int, Wait]] = []
    for step in release.steps:
        parts.append((deadline, "ready"))
        if step.pause == MANUAL:
            return Pace(tuple(parts), person=True)
        if step.pause is not None:
            parts.append((step.pause.seconds, "pause"))
    return Pace(tuple(parts))


def _pace_blue_green(environment: "Environment", service: "Service", release: BlueGreen) -> Pace:
    deadline, gates = find_deadline(service), release.analysis
    pre, post = (gates.pre, gates.post) if gates else (None, None)
    parts: list[tuple[int, Wait]] = [(deadline, "ready")]
    if pre is not None and pre.enabled:
        parts.append((find_measuring(environment, pre, finite=True).longest, "analysis"))
    if not promotes_itself(environment, release):
        return Pace(tuple(parts), person=True)
    if release.previewReplicas is not None:
        parts.append((deadline, "ready"))
    if post is not None and post.enabled:
        parts.append((find_measuring(environment, post, finite=True).longest, "analysis"))
    return Pace(tuple(parts))


def _pace_batches(service: "Service") -> Pace:
    """A Deployment, or the widest of an A/B test's."""
    deadline, pods = find_deadline(service), count_most(service)
    if holds_disk(service):
        return Pace(((deadline, "restarted"),) if pods else ())
    surge, missing = find_surge(service)
    counts = [pods]
    if isinstance(service.release, AbTest):
        counts += [variant.replicas for variant in service.release.variants.values() if variant.replicas is not None]
    batches = max(ceil(many / _count_batch(surge, missing, many)) for many in counts)
    return Pace(((deadline, "ready"),) * batches)


def _count_batch(surge: int | Percentage, missing: int | Percentage, pods: int) -> int:
    gone = int(pods * missing.fraction) if isinstance(missing, Percentage) else missing
    return max(1, min(pods, count_surge(surge, pods) + gone))


def _pace_ordinals(service: "Service") -> Pace:
    """A StatefulSet replaces one pod after the other, each only when the one before is ready."""
    release = service.release
    partition = release.partition if isinstance(release, Rolling) else None
    each = find_grace(service) + find_deadline(service)
    return Pace(((each, "restarted"),) * max(count_most(service) - (partition or 0), 0))


def count_most(service: "Service") -> int:
    """The most pods that are wanted: the largest number of an autoscaled service."""
    if service.autoscale is not None:
        return service.autoscale.max
    return 1 if service.replicas is None else service.replicas
