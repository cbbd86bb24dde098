"""kind reads its configuration: the real program, up to what it asks of Docker, which a stand-in writes down."""

import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.tools import checkout, pins
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

PLATFORM = Path(__file__).with_name("platform")

# Answers as far as kind asks before it makes a node, and then ends it.
DOCKER = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
case "$1" in
  info) echo '{"SecurityOptions":[],"CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"CPUShares":true}';;
  network) echo network;;
  -v|ps|inspect) ;;
  *) exit 1;;
esac
"""


class Machine(NamedTuple):
    """A folder with a Docker that only writes down what it is asked."""

    folder: Path

    def create(self, text: str) -> tuple[Done, list[str]]:
        """What `kind create cluster` says of a configuration, and the nodes that it would run."""
        file, calls = self.folder / "cluster.yaml", self.folder / "calls"
        file.write_text(text, encoding="utf-8")
        calls.unlink(missing_ok=True)
        command: list[str | Path] = [
            pins.BIN / "kind",
            "create",
            "cluster",
            "--config",
            file,
            "--kubeconfig",
            self.folder / "kubeconfig",
        ]
        done = run(command, env={"PATH": f"{self.folder}:/usr/bin:/bin"}, timeout=60)
        asked = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
        return done, [call for call in asked if call.startswith("run ")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """As Machine."""
    docker = tmp_path / "docker"
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The configuration of a cluster with pools."""
    repository = tmp_path_factory.mktemp("kind")
    shutil.copytree(PLATFORM, repository, dirs_exist_ok=True)
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=repository)
    assert done.code == 0, done.both()
    return (repository / "rendered/development/kind/laptop.yaml").read_text(encoding="utf-8")


def test_the_committed_cluster_is_made(machine: Machine) -> None:
    """One node of the image of the spec's Kubernetes, by its digest, with the gateway's port on this machine alone."""
    text = (checkout.REPOSITORY / "rendered/development/kind/local.yaml").read_text(encoding="utf-8")
    done, nodes = machine.create(text)
    assert "Preparing nodes" in done.both(), done.both()
    assert len(nodes) == 1
    assert "--publish=127.0.0.1:80:30080/TCP" in nodes[0]
    assert "kindest/node:v1.36.1@sha256:" in nodes[0]


def test_a_pool_has_its_nodes(machine: Machine, pooled: str) -> None:
    """As many as its `min`, beside the control plane; kind accepts ranges, labels and patches."""
    done, nodes = machine.create(pooled)
    assert "Preparing nodes" in done.both(), done.both()
    cluster = yaml.safe_load(pooled)
    pools = [node.get("labels", {}).get("hftgen.io/pool") for node in cluster["nodes"]]
    assert pools == [None, "fast", "general", "general"]
    assert 1 <= len(nodes) <= len(cluster["nodes"])
    assert cluster["networking"] == {"podSubnet": "10.44.0.0/16", "serviceSubnet": "10.48.0.0/20"}


def test_a_gateway_for_us_and_one_for_everybody_have_ports_of_their_own(pooled: str) -> None:
    """Two doors of one machine would be refused by Docker, late."""
    doors = yaml.safe_load(pooled)["nodes"][0]["extraPortMappings"]
    assert (
        len(doors) == len({door["hostPort"] for door in doors}) == len({door["containerPort"] for door in doors}) == 2
    )


def test_what_kubelets_are_told_is_kubeadms(tmp_path: Path, pooled: str) -> None:
    """kubeadm reads a patch strictly once it is part of the whole: a misspelt field would be refused there."""
    (patch,) = yaml.safe_load(pooled)["kubeadmConfigPatches"]
    assert _validate(tmp_path, patch).code == 0
    assert yaml.safe_load(patch)["allowedUnsafeSysctls"] == ["net.core.somaxconn"]
    done = _validate(tmp_path, patch.replace("allowedUnsafeSysctls", "allowedUnsafeSysctl"))
    assert 'unknown field "allowedUnsafeSysctl"' in done.both()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("extraPortMappings", "extraPortMapping", "field extraPortMapping not found in type v1alpha4.Node"),
        ("podSubnet: 10.44.0.0/16", "podSubnet: 10.44.0.0", "invalid pod subnet"),
        ("role: worker", "role: agent", "is not a valid node role"),
    ],
)
def test_a_mistake_is_refused(machine: Machine, pooled: str, before: str, after: str, words: str) -> None:
    """The proof would not be one if kind passed over what it does not know."""
    assert before in pooled
    done, nodes = machine.create(pooled.replace(before, after))
    assert words in done.both()
    assert nodes == []


def _validate(folder: Path, patch: str) -> Done:
    version = "kubeadm.k8s.io/v1beta4"
    documents: list[dict[str, Any]] = [
        {"apiVersion": version, "kind": "InitConfiguration"},
        {"apiVersion": version, "kind": "ClusterConfiguration", "kubernetesVersion": "v1.36.1"},
        {"apiVersion": "kubelet.config.k8s.io/v1beta1", **yaml.safe_load(patch)},
    ]
    file = folder / "kubeadm.yaml"
    file.write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    return run([pins.BIN / "kubeadm", "config", "validate", "--config", file])
