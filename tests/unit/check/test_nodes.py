"""What is told of pools whose machines are tuned against their pods."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hftgen.check.nodes import find_clusters_without_room
from hftgen.check.run import run
from tests.unit.check.test_aws import CLUSTER
from tests.unit.facts.sites import load_spec
from tests.unit.rules.tiny import FAST, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A folder of specs."""
    return Bench(tmp_path)


def _find(bench: Bench, text: str) -> set[tuple[str, str]]:
    found = run(bench.load(text), (), date(2026, 11, 22))
    return {(one.rule, one.subject) for one in found if one.rule in ("HFT-X63", "HFT-X64")}


def test_cpu_0_belongs_to_the_kernel(bench: Bench) -> None:
    """HFT-X63: it is told where others are reserved in its place."""
    assert _find(bench, FAST) == set()
    moved = FAST.replace("0-1,48-49", "1-2,49-50")
    assert _find(bench, moved) == {("HFT-X63", "clusters.one.pools.fast.reserved")}


def test_isolated_cpus_are_for_pods_with_cpus_of_their_own(bench: Bench) -> None:
    """HFT-X64: an engine with whole CPUs is fine, its sidecar of half a CPU is not, nor a guest without a limit."""
    isolated = FAST.replace("min: 3", "min: 3\n        tuning: {isolate: true}")
    assert _find(bench, isolated) == set()
    sidecar = isolated + "    sidecars: {log: {image: 'example.com/log:1', cpu: 500m, memory: 1Gi}}\n"
    assert _find(bench, sidecar) == {("HFT-X64", "services.engine.pool")}
    guest = isolated + "  guest: {image: 'example.com/guest:1', pool: fast}\n"
    assert _find(bench, guest) == {("HFT-X64", "services.guest.pool")}


def test_what_every_cluster_runs_finds_a_node() -> None:
    """HFT-X74: a pinned pool alone has room for its own services; where others make the cluster nothing is told."""
    fast: dict[str, Any] = {
        "machine": "c7i.metal-24xl",
        "min": 3,
        "max": 4,
        "zones": ["eu-west-2a"],
        "pinning": "static",
    }
    fast["reserved"] = "0-1,48-49"
    calm = {"machine": "m7i.4xlarge", "min": 3, "max": 4}

    def find(pools: dict[str, Any], **sections: Any) -> list[str]:
        loaded = load_spec({"web": {"pool": "fast"}}, clusters={"main": CLUSTER | {"pools": pools}}, **sections)
        return [finding.subject for finding in find_clusters_without_room(loaded)]

    made = {"terraform": {"version": "1.11"}}
    assert find({"fast": fast}, **made) == ["clusters.main.pools"]
    assert find({"fast": fast, "calm": calm}, **made) == []
    assert find({"fast": fast}) == []
