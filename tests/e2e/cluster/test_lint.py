"""Argo Rollouts' own lint finds no fault with any Rollout."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cluster import changes
from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay
from tests.tools import rollouts

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("admission")]


def test_lint_is_silent(tmp_path: Path, built: dict[Overlay, Built]) -> None:
    """Each overlay's Rollout together with the Services and routes that it names."""
    said = {overlay: rollouts.lint(tmp_path, list(objects.values())) for overlay, (_, objects) in built.items()}
    faults = [f"{overlay}: {done.both()}" for overlay, done in said.items() if done.code or done.both()]
    assert faults == [], "\n".join(faults)


def test_lint_sees_what_is_wrong(tmp_path: Path) -> None:
    """A canary without its stable service, a route without it, a weight beyond 100: each is told."""
    objects = [one for one in changes.compile_base(tmp_path).values() if one["metadata"]["name"].startswith("gateway")]
    assert rollouts.lint(tmp_path, objects).code == 0
    for kind, spoil in (("Rollout", _spoil_service), ("Rollout", _spoil_weight), ("VirtualService", _spoil_route)):
        spoilt = copy.deepcopy(objects)
        for one in spoilt:
            if one["kind"] == kind:
                spoil(one["spec"])
        done = rollouts.lint(tmp_path, spoilt)
        assert done.code, f"{spoil.__name__}: {done.both()}"


def _spoil_service(spec: Any) -> None:
    del spec["strategy"]["canary"]["stableService"]


def _spoil_weight(spec: Any) -> None:
    spec["strategy"]["canary"]["steps"][0]["setWeight"] = 110


def _spoil_route(spec: Any) -> None:
    for route in spec["http"]:
        route["route"] = route["route"][:1]
