"""Every check of one environment: what does not make its spec invalid, and should still be known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from hftgen.check import (
    aws,
    azure,
    bases,
    dates,
    delivery,
    edges,
    google,
    handover,
    metal,
    nodes,
    orphans,
    pipelines,
    pod_standard,
    reach,
    replaced,
    stores,
    trust,
    waivers,
    workloads,
)
from hftgen.check.finding import Finding
from hftgen.check.rules import RULES
from hftgen.render.artifact import Artifact
from hftgen.spec.load import Loaded


def run(
    loaded: Loaded,
    artifacts: Sequence[Artifact],
    as_of: date,
    *,
    before: Mapping[str, bytes] | None = None,
    others: Iterable[Finding] = (),
    rules: Iterable[str] = (),
) -> list[Finding]:
    """The findings that stand, by place.

    `before` are the files that the artifacts replace, as tree.before reads them. `others` come from checks that ran
    elsewhere; waivers hold for them too. `rules` are the ids of the rules that those checks know.
    """
    found = [*others, *_observe(loaded, as_of), *replaced.find_refused(loaded, before or {}, artifacts)]
    found += orphans.find_orphans(loaded, before or {}, artifacts)
    found += handover.find_handovers(loaded, before or {}, artifacts)
    found += pod_standard.find_refused_pods(loaded, artifacts)
    idle = waivers.find_idle_waivers(loaded, found, [*RULES, *rules, *(finding.rule for finding in found)])
    standing = waivers.apply_waivers(loaded, [*found, *idle])
    return sorted(standing, key=lambda finding: (finding.file, finding.line, finding.column, finding))


def _observe(loaded: Loaded, as_of: date) -> Iterator[Finding]:
    yield from reach.find_idle_datastores(loaded)
    yield from reach.find_unreachable_services(loaded)
    yield from reach.find_undelivered_secrets(loaded)
    yield from reach.find_lonely_holders(loaded)
    yield from delivery.find_retired_routers(loaded)
    yield from delivery.find_blind_verdicts(loaded)
    yield from delivery.find_bare_freezes(loaded)
    yield from delivery.find_lost_variants(loaded)
    yield from bases.find_moving_bases(loaded)
    yield from bases.find_older_runtimes(loaded)
    yield from bases.find_absent_compilers(loaded)
    yield from workloads.find_contended_disks(loaded)
    yield from workloads.find_unsafe_sysctls(loaded)
    yield from edges.find_loose_edges(loaded)
    yield from edges.find_missing_certificates(loaded)
    yield from edges.find_failing_logins(loaded)
    yield from aws.find_locked_clusters(loaded)
    yield from aws.find_open_clusters(loaded)
    yield from aws.find_less_than_promised(loaded)
    yield from google.find_unknown_members(loaded)
    yield from trust.find_mixed_trust(loaded)
    yield from stores.find_moving_images(loaded)
    yield from stores.find_absent_copies(loaded)
    yield from stores.find_unknown_addresses(loaded)
    yield from workloads.find_blind_spots(loaded)
    yield from nodes.find_noisy_first_cpus(loaded)
    yield from nodes.find_clusters_without_room(loaded)
    yield from nodes.find_unbalanced_pods(loaded)
    yield from azure.find_unknown_admins(loaded)
    yield from azure.find_unknown_identities(loaded)
    yield from pipelines.find_moving_tools(loaded)
    yield from metal.find_shared_hosts(loaded)
    yield from metal.find_endless_waits(loaded)
    yield from dates.find_expired_waivers(loaded, as_of)
    yield from dates.find_overdue_tests(loaded, as_of)
    yield from dates.find_short_horizon(loaded, as_of)
