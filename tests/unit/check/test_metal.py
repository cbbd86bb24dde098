"""Findings about clusters on metal."""

from pathlib import Path

import pytest

from hftgen.check import metal
from tests.unit.rules.tiny import Bench

RACK = """
clusters:
  one:
    cloud: metal
    region: null
    zones: null
    network: {vpc: 10.60.0.0/16, pods: 10.64.0.0/16, services: 10.68.0.0/20}
    pools: {general: {machine: server, cpus: 16, memory: 64Gi, min: 2, max: 2}}
    metal:
      version: 1.36.1
      endpoint: {host: api.example.com}
      hosts:
        a: {address: 10.60.1.1, roles: [control-plane, worker], pool: general, disks: {d: {device: /dev/x, size: 1Ti}}}
        b: {address: 10.60.1.2, pool: general}
"""
VOLUMES = "volumes: {v: {path: /v, size: 1Gi, class: fast}}"
STORE = f"{{image: 'example.com/s:1', workload: stateful, instances: sharded, replicas: 2, {VOLUMES}}}"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Loads tiny environments."""
    return Bench(tmp_path_factory.mktemp("metal"))


def test_volumes_need_disks(bench: Bench) -> None:
    """HFT-X66: two shards and one disk; one shard waits for ever."""
    (finding,) = metal.find_endless_waits(bench.load(f"{RACK}services: {{store: {STORE}}}"))
    assert "2 volumes of class fast are claimed in pool general, whose hosts have 1 disks" in finding.message
    assert (
        list(metal.find_endless_waits(bench.load(f"{RACK}services: {{store: {STORE.replace('s: 2', 's: 1')}}}"))) == []
    )


def test_services_need_addresses(bench: Bench) -> None:
    """HFT-X66: nobody gives a LoadBalancer one, unless the spec says from where."""
    web = "services: {web: {ports: {http: 80}, expose: {host: web.example.com, via: loadBalancer}}}"
    (finding,) = metal.find_endless_waits(bench.load(RACK + web))
    assert "has no addresses for Services" in finding.message
    balanced = RACK.replace("      hosts:", "      balancers: {addresses: [10.60.9.0/24]}\n      hosts:")
    addon = "\naddons: {cilium: {version: 1.20.2}}"
    assert list(metal.find_endless_waits(bench.load(balanced + web + addon))) == []


def test_a_control_plane_stays_off_pinned_hosts(tmp_path: Path) -> None:
    """HFT-X65: on a shared pool it is nobody's harm."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "machines.yaml").write_text("server: {cloud: metal, cpus: 16, threads: 2, memory: 64Gi}\n", "utf-8")
    bench = Bench(tmp_path)
    (bench.specs / "rack.yaml").write_text(f"extends: base.yaml\n{RACK}", "utf-8")
    assert list(metal.find_shared_hosts(bench.load("", base="rack"))) == []
    pinned = "clusters: {one: {pools: {general: {pinning: static, reserved: '0,8'}}}}\n"
    (finding,) = metal.find_shared_hosts(bench.load(f"{pinned}services: {{web: {{pool: general}}}}", base="rack"))
    assert finding.rule == "HFT-X65"
