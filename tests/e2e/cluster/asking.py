"""Objects are given to an API server as Argo CD gives them: server-side apply, conflicts forced, validated strictly."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from tests.e2e.cluster.controlplane import ControlPlane
from tests.tools import manifests
from tests.tools.process import Done

_WARNING = "Warning: "
_APPLY = ("apply", "--server-side", "--force-conflicts", "--field-manager=argocd-controller", "--validate=strict")


class Answer(NamedTuple):
    """What the server said: objects as it keeps them, why it refused the others, its warnings."""

    kept: dict[manifests.Key, Any]
    refusals: dict[manifests.Key, str]
    warnings: list[str]


def apply(plane: ControlPlane, objects: Sequence[Any], *, dry: bool = False) -> Answer:
    """Apply objects in their order; `dry` asks without keeping anything. A refusal does not keep the rest back."""
    if not objects:
        return Answer({}, {}, [])
    done = _ask(plane, objects, dry=dry)
    if done.code == 0:
        return Answer(_read(done), {}, _warnings(done))
    with ThreadPoolExecutor(2) as pool:  # kubectl prints nothing when one of several is refused
        alone = list(pool.map(lambda one: _ask(plane, [one], dry=dry), objects))
    said = {manifests.identify(one): answer for one, answer in zip(objects, alone, strict=True)}
    kept = {key: value for one in alone if one.code == 0 for key, value in _read(one).items()}
    refusals = {key: one.err.strip() for key, one in said.items() if one.code}
    assert refusals, f"refused together, but not alone: {done.both()}"
    return Answer(kept, refusals, [warning for one in alone for warning in _warnings(one)])


def delete(plane: ControlPlane, objects: Sequence[Any]) -> None:
    """Take objects away, as a sync that prunes does. Nobody but us ends a namespace that is to go."""
    if objects:
        plane.insist("delete", "--wait=false", "--ignore-not-found", "--filename=-", stdin=_write(objects))
    for one in objects:
        if one["kind"] == "Namespace":
            path = f"/api/v1/namespaces/{one['metadata']['name']}/finalize"
            plane.insist(
                "replace", "--raw", path, "--filename=-", stdin=json.dumps({**one, "spec": {"finalizers": []}})
            )


def _ask(plane: ControlPlane, objects: Sequence[Any], *, dry: bool) -> Done:
    mode = ["--dry-run=server"] if dry else []
    return plane.kubectl(*_APPLY, *mode, "--output=json", "--filename=-", stdin=_write(objects))


def _write(objects: Sequence[Any]) -> str:
    return "\n---\n".join(map(json.dumps, objects))


def _read(done: Done) -> dict[manifests.Key, Any]:
    said = json.loads(done.out)
    return manifests.index(said["items"] if said["kind"] == "List" else [said])


def _warnings(done: Done) -> list[str]:
    return [line.removeprefix(_WARNING) for line in done.err.splitlines() if line.startswith(_WARNING)]
