"""HFT-X26: a workload whose number of pods leaves Git for an autoscaler.

A field that its last owner leaves out of a server-side apply falls back to its default (Kubernetes, "Server-Side
Apply", transferring ownership): `replicas` is 1 until the autoscaler acts, and all other pods are gone.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hftgen.check.finding import Finding
from hftgen.check.manifests import UnreadableError, identify, is_object, read_objects
from hftgen.check.orphans import BASES, OVERLAYS
from hftgen.render.artifact import Artifact
from hftgen.spec.load import Loaded

RULE, KIND = "HFT-X26", "HorizontalPodAutoscaler"
NAME = ("kind", "name")


def find_handovers(loaded: Loaded, before: Mapping[str, bytes], artifacts: Sequence[Artifact]) -> Iterator[Finding]:
    """One finding for each workload that stood in Git without an autoscaler, and is to have one.

    `before` are the files that the artifacts replace.
    """
    told: set[str] = set()
    for artifact in artifacts if before else ():
        if not artifact.path.startswith((BASES, OVERLAYS)) or not artifact.documents:
            continue
        for item in artifact.values():
            target = _find_target(item)
            part = artifact.path.split("/")[-2]
            if target is None or _name(target) in told or _is_scaled(before, part, item):
                continue
            if _stands(before, part, target):
                told.add(_name(target))
                yield _describe(loaded, artifact.path, item, target)


def _find_target(item: Any) -> dict[str, str] | None:
    """What an autoscaler scales; None for anything else, and for one that does not say it."""
    if not is_object(item) or item["kind"] != KIND or not isinstance(item.get("spec"), dict):
        return None
    target = item["spec"].get("scaleTargetRef")
    if not isinstance(target, dict) or not all(isinstance(target.get(key), str) for key in ("apiVersion", *NAME)):
        return None
    return target


def _name(target: Mapping[str, str]) -> str:
    return "/".join(target[key] for key in NAME)


def _read(before: Mapping[str, bytes], part: str, kind: str) -> Iterator[dict[str, Any]]:
    """The objects in a part's files for a kind: each is named for what it holds. Unreadable ones are told elsewhere."""
    ending = f"/{part}/{kind.lower()}.yaml"
    for path, data in before.items():
        if path.endswith(ending):
            try:
                yield from read_objects(data)
            except UnreadableError:
                continue


def _stands(before: Mapping[str, bytes], part: str, target: Mapping[str, str]) -> bool:
    wanted = (target["kind"], target["name"])
    return wanted in [(one["kind"], one["metadata"]["name"]) for one in _read(before, part, target["kind"])]


def _is_scaled(before: Mapping[str, bytes], part: str, item: dict[str, Any]) -> bool:
    return identify(item) in [identify(one) for one in _read(before, part, KIND)]


def _describe(loaded: Loaded, path: str, item: Mapping[str, Any], target: Mapping[str, str]) -> Finding:
    environment, part = str(loaded.environment.environment), path.split("/")[-2]
    place = loaded.place(("services", part, "autoscale") if part in loaded.environment.services else ("services",))
    namespace, count = item["metadata"].get("namespace", ""), item["spec"].get("minReplicas", 1)
    message = "the number of pods leaves Git: Kubernetes sets it to 1 until the autoscaler acts"
    name = {"name": target["name"], "namespace": namespace}
    owned = {"apiVersion": target["apiVersion"], "kind": target["kind"], "metadata": name, "spec": {"replicas": count}}
    hint = (
        "before the sync let somebody else own the number that there is: "
        f"echo '{json.dumps(owned)}' | kubectl apply --server-side --field-manager=autoscale -f -"
    )
    return Finding(RULE, "warning", environment, _name(target), message, hint, *place, path=f"{environment}/{path}")
