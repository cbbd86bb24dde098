"""Argo Rollouts' own lint, offline."""

import json
from pathlib import Path
from typing import Any

from tests.tools import pins
from tests.tools.process import Done, run

_JUDGED = ("Rollout", "Service", "Ingress", "VirtualService")


def lint(folder: Path, objects: list[Any]) -> Done:
    """What `kubectl argo rollouts lint` says of the Rollouts among objects, each beside its Services and routes.

    It reads no other kind: neither analyses nor autoscalers nor what a Gateway API route says.
    """
    file = folder / "rollouts.yaml"
    judged = [one for one in objects if one["kind"] in _JUDGED]
    file.write_text("\n---\n".join(map(json.dumps, judged)), encoding="utf-8")
    return run([pins.BIN / "kubectl-argo-rollouts", "lint", "--filename", file])
