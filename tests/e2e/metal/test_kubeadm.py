"""kubeadm reads what its hosts are told: strictly, by its own program of the version that is installed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools import pins
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

# What Ansible adds in memory; of the form that kubeadm asks for, and of no cluster.
TOKEN = "abcdef.0123456789abcdef"
KEY = "0" * 64


def validate(folder: Path, *documents: dict[str, Any]) -> Done:
    """What kubeadm says of a configuration."""
    file = folder / "kubeadm.yaml"
    file.write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    return run([pins.BIN / "kubeadm", "config", "validate", "--config", file])


def test_the_first_control_plane_starts(tmp_path: Path, rack: Any, hosts: dict[str, Any]) -> None:
    """One host has an InitConfiguration, and with the cluster's and the kubelet's it is right."""
    (first,) = [name for name, host in hosts.items() if "init" in host]
    assert first == rack["control_planes"][0]
    done = validate(tmp_path, hosts[first]["init"], rack["kubeadm"]["cluster"], rack["kubeadm"]["kubelet"])
    assert (done.code, done.both()) == (0, "ok")


def test_all_others_join(tmp_path: Path, hosts: dict[str, Any]) -> None:
    """With a token, and control planes with the key of certificates, each JoinConfiguration is right."""
    known = tmp_path / "discovery.conf"
    known.write_text("{}", encoding="utf-8")
    joining = {name: host for name, host in hosts.items() if "join" in host}
    assert len(joining) == 8
    for name, host in joining.items():
        told = {**host["join"], "discovery": {"file": {"kubeConfigPath": str(known)}, "tlsBootstrapToken": TOKEN}}
        if "control-plane" in host["roles"]:
            told["controlPlane"] = {**told["controlPlane"], "certificateKey": KEY}
        done = validate(tmp_path, told)
        assert (done.code, done.both()) == (0, "ok"), name


def test_each_pools_kubelet_is_told_what_it_knows(
    tmp_path: Path, folder: Path, rack: Any, hosts: dict[str, Any]
) -> None:
    """What a pool's kubelets have of their own is a KubeletConfiguration, read strictly beside the cluster's."""
    first = hosts[rack["control_planes"][0]]["init"]
    files = sorted((folder / "group_vars").glob("pool_*.yaml"))
    pools = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))["node"]["kubelet"] for file in files}
    assert pools["pool_ny4_latency"]["cpuManagerPolicy"] == "static"
    for kubelet in pools.values():
        done = validate(tmp_path, first, rack["kubeadm"]["cluster"], {**rack["kubeadm"]["kubelet"], **kubelet})
        assert (done.code, done.both()) == (0, "ok")


@pytest.mark.parametrize("part", ["cluster", "kubelet"])
def test_a_misspelt_field_is_refused(tmp_path: Path, rack: Any, hosts: dict[str, Any], part: str) -> None:
    """The proof would not be one if kubeadm passed over what it does not know."""
    first = hosts[rack["control_planes"][0]]["init"]
    told = {**rack["kubeadm"], part: {**rack["kubeadm"][part], "apiServers": {}}}
    assert 'unknown field "apiServers"' in validate(tmp_path, first, told["cluster"], told["kubelet"]).both()
