"""Names: services, datastores and what we derive from them share one namespace of the cluster."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hftgen.spec.release import AbTest
from hftgen.spec.rules.scope import Run, list_runs
from hftgen.spec.rules.violation import Violation

if TYPE_CHECKING:
    from hftgen.spec.load import Loaded
    from hftgen.spec.service import Service

LONGEST = 52
SERVICE_SUFFIXES = {"canary": "the canary pods", "preview": "the preview pods"}
STATEFUL_SUFFIXES = {"headless": "the headless Service"}
BALANCER_SUFFIXES = {"public": "the load balancer"}
SHARDED_SUFFIXES = {"shards": "the Secret of the shards"}
DATASTORE_SUFFIXES = dict.fromkeys(("rw", "ro", "r", "headless"), "an endpoint") | {
    "credentials": "the Secret",
    "replicator": "the way in for copies",
    **dict.fromkeys(("ca", "server", "replication"), "a Secret of the operator"),
}


def avoid_derived_names(loaded: "Loaded") -> Iterator[Violation]:
    """No name equals one that we derive from another: X-canary, X-preview, X-headless, X-0, a variant's, a Secret's."""
    datastores = loaded.environment.datastores
    derived = dict(_list_derived(loaded))
    ordinals = {run.name for run in list_runs(loaded) if run.service.workload == "stateful"}
    for name in sorted({*loaded.environment.services, *datastores}):
        path = ("services" if name in loaded.environment.services else "datastores", name)
        match = re.fullmatch(r"(.+)-[0-9]+", name)
        if name in derived:
            yield Violation(path, f"we give this name to {derived[name]}", name, "another name")
        elif match and match[1] in ordinals:
            yield Violation(path, f"we give this name to a pod of {match[1]}", name, "another name")


def _list_derived(loaded: "Loaded") -> Iterator[tuple[str, str]]:
    """Each name that we derive, and what it is for."""
    for run in list_runs(loaded):
        for suffix, purpose in _list_suffixes(run):
            yield f"{run.name}-{suffix}", f"{purpose} of {run.name}"
    for name, datastore in loaded.environment.datastores.items():
        for suffix, purpose in DATASTORE_SUFFIXES.items() if datastore.placement == "cluster" else ():
            yield f"{name}-{suffix}", f"{purpose} of {name}"


def _list_suffixes(run: Run) -> Iterator[tuple[str, str]]:
    yield from SERVICE_SUFFIXES.items()
    if run.service.workload == "stateful":
        yield from STATEFUL_SUFFIXES.items()
    if run.service.instances == "sharded":
        yield from SHARDED_SUFFIXES.items()
    yield from ((container, "the Secret of a container") for container in _list_own_containers(run.service))
    if run.service.expose is not None and run.service.expose.via == "loadBalancer":
        yield from BALANCER_SUFFIXES.items()
    if isinstance(run.service.release, AbTest):
        yield from ((variant, "a variant") for variant in run.service.release.variants)


def _list_own_containers(service: "Service") -> Iterator[str]:
    """Init and sidecar containers, whose secrets and files have objects of their own."""
    yield from (container.name for container in service.init)
    yield from service.sidecars


def keep_variant_names_short(loaded: "Loaded") -> Iterator[Violation]:
    """An A/B variant's workload is called <service>-<variant>, which leaves room for Kubernetes' own suffixes."""
    for run in list_runs(loaded):
        if isinstance(run.service.release, AbTest):
            for variant in sorted(run.service.release.variants):
                whole = f"{run.name}-{variant}"
                if len(whole) > LONGEST:
                    yield Violation(
                        run.path("release", "variants", variant),
                        f"its workload would be called {whole}, and Kubernetes adds up to 11 characters of 63",
                        f"{len(whole)} characters",
                        f"at most {LONGEST} together",
                    )
