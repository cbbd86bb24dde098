"""The Pods that templates stand for. A controller says nothing of a bad template until it makes pods of it.

A Rollout takes a memory of `8GB`, and no controller is refused for a mount without a volume, a PriorityClass or
ServiceAccount that is not there, or a breach of Pod Security: only the Pod is.
"""

from collections.abc import Iterator
from typing import Any

_LONGEST_NAME = 63
_OPERATORS = "postgresql.cnpg.io/"  # their templates are no whole pods


def list_pods(objects: list[Any]) -> Iterator[Any]:
    """A Pod for each template anywhere in the objects."""
    for one in objects:
        if not one["apiVersion"].startswith(_OPERATORS):
            for number, template in enumerate(_find_templates(one.get("spec"))):
                yield _make_pod(one, number, template)


def _find_templates(value: Any, key: str = "") -> Iterator[Any]:
    """What stands below `template`, `podTemplate`, ... and has containers."""
    if isinstance(value, dict):
        spec = value.get("spec")
        if key.lower().endswith("template") and isinstance(spec, dict) and isinstance(spec.get("containers"), list):
            yield value
        else:
            for name, child in value.items():
                yield from _find_templates(child, name)
    elif isinstance(value, list):
        for child in value:
            yield from _find_templates(child, key)


def _make_pod(owner: Any, number: int, template: Any) -> Any:
    metadata = owner["metadata"]
    name = f"{metadata['name'][:40]}-{owner['kind'].lower()}-{number}"[:_LONGEST_NAME]
    spec = dict(template["spec"])
    claims = [claim["metadata"]["name"] for claim in owner["spec"].get("volumeClaimTemplates") or []]
    spec["volumes"] = [
        *spec.get("volumes", []),
        *({"name": claim, "persistentVolumeClaim": {"claimName": f"{claim}-{name}"}} for claim in claims),
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **(template.get("metadata") or {}),
            "name": name,
            "namespace": metadata.get("namespace", "default"),
        },
        "spec": spec,
    }
