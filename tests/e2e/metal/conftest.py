"""The platform on metal, rendered once."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.process import run

_PLATFORM = Path(__file__).parents[1] / "platforms" / "metal"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Ansible reads."""
    repository = tmp_path_factory.mktemp("metal")
    shutil.copytree(_PLATFORM, repository, dirs_exist_ok=True)
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=repository)
    assert done.code == 0, done.both()
    return repository / "rendered" / "production" / "ansible"


@pytest.fixture(scope="session")
def hosts(folder: Path) -> dict[str, dict[str, Any]]:
    """What the inventory tells each host, by name."""
    inventory = yaml.safe_load((folder / "inventory.yaml").read_text(encoding="utf-8"))
    clusters = inventory["all"]["children"]["metal"]["children"].values()
    return {name: host["rack_host"] for group in clusters for name, host in group["hosts"].items()}


@pytest.fixture(scope="session")
def rack(folder: Path) -> dict[str, Any]:
    """What the hosts of the cluster by kubeadm are told together."""
    variables = yaml.safe_load((folder / "group_vars" / "cluster_ny4.yaml").read_text(encoding="utf-8"))
    told: dict[str, Any] = variables["rack"]
    return told
