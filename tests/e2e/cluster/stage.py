"""A cluster on which an environment is played: people edit the spec, Argo CD syncs, controllers do what they do."""

import re
import shlex
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from hftgen.facts.names import LABEL_NAME
from tests.e2e.cluster.client import Client, Manifest
from tests.e2e.cluster.prometheus import Prometheus
from tests.e2e.cluster.repository import Repository
from tests.e2e.cluster.sight import describe
from tests.e2e.cluster.sync import Outcome, list_out_of_sync, sync
from tests.tools import pins
from tests.tools.process import run

T = TypeVar("T")

ROLLOUT = "argoproj.io/v1alpha1", "Rollout"
STATEFUL = "apps/v1", "StatefulSet"
DEPLOYMENT = "apps/v1", "Deployment"
AUTOSCALER = "autoscaling/v2", "HorizontalPodAutoscaler"
SERVICE = "v1", "Service"

_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.2


class Stage(NamedTuple):
    """One cluster of one environment, the repository that it is delivered from, and the Prometheus that it asks."""

    client: Client
    kubeconfig: Path
    repository: Repository
    cluster: str
    namespace: str
    prometheus: Prometheus

    def deliver(self, *parts: str, confirm: bool = False) -> dict[str, Outcome]:
        """Render what the spec says now and sync these parts, or all of them, in the order of the README."""
        self.repository.render()
        return {part: self.sync(part, confirm=confirm) for part in parts or self.repository.list_parts(self.cluster)}

    def sync(self, part: str, *, confirm: bool = False) -> Outcome:
        """`argocd app sync --prune` of a part as it is rendered."""
        application = self.repository.find_application(self.cluster, part)
        return sync(self.client, application, self.repository.build(self.cluster, part), confirm=confirm)

    def list_out_of_sync(self, part: str) -> list[str]:
        """What Argo CD shows as OutOfSync."""
        application = self.repository.find_application(self.cluster, part)
        return list_out_of_sync(self.client, application, self.repository.build(self.cluster, part))

    def get(self, kind: tuple[str, str], name: str) -> Manifest:
        """An object of the environment that must be there."""
        found = self.client.get(*kind, name, self.namespace)
        assert found is not None, f"no {kind[1]} {name}\n{self.describe()}"
        return found

    def objects(self, kind: tuple[str, str]) -> list[Manifest]:
        """The environment's objects of a kind."""
        return self.client.objects(*kind, self.namespace)

    def pods(self, service: str = "") -> list[Manifest]:
        """The pods of a service, or all, but for those that are on their way out."""
        found = [pod for pod in self.objects(("v1", "Pod")) if "deletionTimestamp" not in pod["metadata"]]
        return [pod for pod in found if service in ("", pod["metadata"]["labels"].get(LABEL_NAME))]

    def served(self, service: str) -> set[str]:
        """The images of the pods that a Service sends requests to."""
        selector = self.get(SERVICE, service)["spec"]["selector"].items()
        return {image_of(pod) for pod in self.pods() if selector <= pod["metadata"]["labels"].items()}

    def follow(self, service: str, words: str) -> str:
        """Do what the service's runbook says: type its one command that has these words in it."""
        page = self.repository.read(f"runbooks/{service}.md")
        found = {command for command in re.findall(r"`(kubectl [^`]+)`", page) if words in command}
        assert len(found) == 1, f"commands of {service}'s runbook with {words!r}: {sorted(found)}\n{page}"
        (command,) = found
        kubectl, *rest = shlex.split(command)
        environment = {"KUBECONFIG": str(self.kubeconfig), "PATH": str(pins.BIN)}
        done = run([pins.BIN / kubectl, *rest], env=environment, timeout=60)
        assert done.code == 0, f"{command}\n{done.both()}"
        return done.out

    def wait(self, what: str, look: Callable[[], T], seconds: float = _PATIENCE_SECONDS) -> T:
        """What `look` sees once it sees something; after so long, a failure that says what there was instead."""
        end = time.monotonic() + seconds
        while not (seen := look()):
            assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}\n{self.describe()}"
            time.sleep(_LOOK_SECONDS)
        return seen

    def wait_for_health(self, names: Iterable[str] = (), seconds: float = _PATIENCE_SECONDS) -> None:
        """Until all workloads, or those of these names, run what is wanted of them, all of it ready.

        Autoscalers are looked at first: one that has what it asks for has told its workload how much is wanted.
        """
        wanted = set(names)
        self.wait(
            f"{', '.join(sorted(wanted)) or 'everything'} healthy",
            lambda: all(
                is_healthy(one)
                for one in (*self.objects(AUTOSCALER), *self.workloads())
                if not wanted or one["metadata"]["name"] in wanted
            ),
            seconds,
        )

    def wait_until_served(self, service: str, images: set[str]) -> None:
        """Until a Service's requests reach these images alone, and what runs them is healthy.

        In this order: a Rollout that goes back may be called healthy before it has begun.
        """
        self.wait(f"{service} by {sorted(images)}", lambda: self.served(service) == images)
        self.wait_for_health([service])

    def settle(self) -> None:
        """Let what was left in its middle come to its end, without waiting for anything or anybody."""
        for rollout in self.objects(ROLLOUT):
            if not is_healthy(rollout):
                name = rollout["metadata"]["name"]
                self.follow(name, f"promote {name} --full")
        self.wait_for_health(seconds=30)

    def workloads(self) -> list[Manifest]:
        """All that runs pods for as long as it lives."""
        return [one for kind in (ROLLOUT, DEPLOYMENT, STATEFUL) for one in self.objects(kind)]

    def describe(self) -> str:
        """What there is, for the message of a failure."""
        return describe(self.client, self.namespace)


def image_of(pod: Manifest) -> str:
    """The image of a pod's main container."""
    return str(pod["spec"]["containers"][0]["image"])


def has_been_seen(workload: Manifest) -> bool:
    """Whether its controller has looked at the last change."""
    return str(workload.get("status", {}).get("observedGeneration", "")) == str(workload["metadata"]["generation"])


def is_healthy(workload: Manifest) -> bool:
    """As Argo CD judges: the controller has seen the last change, and all pods are of it and available.

    An autoscaler is as full as it may become: `addons` plays pods that are busy.
    """
    spec, status = workload["spec"], workload.get("status", {})
    if workload["kind"] == "HorizontalPodAutoscaler":
        return bool(status.get("currentReplicas") == spec["maxReplicas"])
    if not has_been_seen(workload):
        return False
    if workload["kind"] == "Rollout":
        return bool(status.get("phase") == "Healthy")
    wanted = spec.get("replicas", 1)
    if wanted == 0:
        return bool(status.get("replicas", 0) == 0)
    held = spec.get("updateStrategy", {}).get("rollingUpdate", {}).get("partition", 0)
    counts = {key: status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")}
    return bool(
        counts["replicas"] == counts["availableReplicas"] == wanted and counts["updatedReplicas"] >= wanted - held
    )
