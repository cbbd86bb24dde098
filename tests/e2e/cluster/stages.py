"""What kwok does with nodes and pods: its own fast stages, with one thing changed.

A pod with an image whose name or tag ends in `-broken` never becomes ready, so that a bad release can be played.
"""

import json

import yaml

from tests.tools import pins

_BROKEN = '.spec.containers.[] | select(.image | test("-broken(@.*)?$")) | .image'


def make_stages() -> str:
    """kwok's configuration as text."""
    stages = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(pins.STAGES.glob("*.yaml"))]
    (ready,) = [stage for stage in stages if stage["metadata"]["name"] == "pod-ready"]
    ready["spec"]["selector"]["matchExpressions"].append({"key": _BROKEN, "operator": "DoesNotExist"})
    return "\n---\n".join(map(json.dumps, stages))
