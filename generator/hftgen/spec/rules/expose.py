"""`expose`: what stands before a gateway's limits."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.release import Canary
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded

LISTENERS = 64


def fit_gateways(loaded: "Loaded") -> Iterator[Violation]:
    """A Gateway has a listener for each exposed host, and the Gateway API allows 64."""
    groups: defaultdict[tuple[str, bool], list[Run]] = defaultdict(list)
    for run in list_runs(loaded):
        if run.service.expose is not None and run.service.expose.via == "gateway" and not _is_weighed_by_istio(run):
            groups[run.cluster, run.service.expose.internal].append(run)
    for (cluster, internal), runs in sorted(groups.items()):
        for run in runs[LISTENERS:]:
            which = "internal" if internal else "public"
            yield Violation(
                run.path("expose", "via"),
                f"the {which} gateway of cluster {cluster} has {len(runs)} hosts, and {LISTENERS} are allowed",
                "gateway",
                "ingress, or another environment",
            )


def _is_weighed_by_istio(run: Run) -> bool:
    release = run.service.release
    return isinstance(release, Canary) and release.traffic.router == "istio"
