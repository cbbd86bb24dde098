"""Which lists of Kubernetes objects are mappings in disguise, and by which fields.

From the API's own `x-kubernetes-list-map-keys` (Kubernetes 1.36, Gateway API 1.4); every other list is replaced whole,
as the API server does it: tolerations, rules, args. A Rollout's pod template is a pod template like any other.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Keys = tuple[str, ...]

CONTAINER: Mapping[str, Keys] = {
    "env": ("name",),
    "ports": ("containerPort", "protocol"),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "resources.claims": ("name",),
}
POD: Mapping[str, Keys] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "schedulingGates": ("name",),
    "resourceClaims": ("name",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    **{f"{kind}.{name}": keys for kind in ("containers", "initContainers") for name, keys in CONTAINER.items()},
}
TEMPLATES = {
    "Deployment": "spec.template.spec",
    "StatefulSet": "spec.template.spec",
    "Rollout": "spec.template.spec",
    "Job": "spec.template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
}
"""Where a kind has its pod template."""

OTHERS: Mapping[str, Mapping[str, Keys]] = {
    "Service": {"spec.ports": ("port", "protocol")},
    "ServiceAccount": {"secrets": ("name",)},
    "Gateway": {"spec.listeners": ("name",)},
}
DEFAULTS = {"protocol": "TCP"}
"""What a key means where an item leaves it out."""


def find_keys(kind: str, path: Iterable[str]) -> Keys | None:
    """The fields that tell the items of a list apart; `path` are the names on the way to it. None: replaced whole."""
    place = ".".join(path)
    template = TEMPLATES.get(kind)
    if template is not None and place.startswith(f"{template}."):
        return POD.get(place.removeprefix(f"{template}."))
    return OTHERS.get(kind, {}).get(place)


def identify(item: Mapping[str, Any], keys: Keys) -> tuple[Any, ...] | None:
    """What tells an item from its neighbours; None where it does not say."""
    found = tuple(item.get(key, DEFAULTS.get(key)) for key in keys)
    return None if None in found else found
