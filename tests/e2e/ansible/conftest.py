"""Rendered folders `ansible`, and hosts of theirs that are folders of this machine."""

import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.tools import ansible, checkout
from tests.tools.process import Done, run

METAL = checkout.REPOSITORY / "tests" / "e2e" / "platforms" / "metal"


class Shop(NamedTuple):
    """A rendered folder `ansible`, and a place for what its plays write."""

    folder: Path
    home: Path

    def variables(self, group: str) -> Any:
        """The variables of a group."""
        return yaml.safe_load((self.folder / "group_vars" / f"{group}.yaml").read_text(encoding="utf-8"))

    def play(self, playbook: Path | str, *options: str | Path) -> Done:
        """A playbook, run from the folder."""
        return ansible.play(self.folder, playbook, *options, home=self.home)

    def roots(self, group: str, roots: dict[str, Path]) -> Path:
        """An inventory in which each name is a host of the group whose files lie below its root."""
        hosts = {name: {**ansible.LOCAL, "host_root": str(root)} for name, root in roots.items()}
        inventory = self.folder / f"{self.home.name}-{group}.yaml"
        groups = {group: {"hosts": hosts}, f"cluster_{group.split('_')[1]}": {"children": {group: {}}}}
        inventory.write_text(yaml.safe_dump({"all": {"children": groups}}), encoding="utf-8")
        return inventory


@pytest.fixture(scope="session")
def metal(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """That of the metal platform."""
    repository = tmp_path_factory.mktemp("metal")
    for name in ("specs", "data"):
        shutil.copytree(METAL / name, repository / name)
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=repository)
    assert done.code == 0, done.both()
    return Shop(repository / "rendered" / "production" / "ansible", tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def eks(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A copy of the committed production, which has images for EKS and no hosts."""
    folder = tmp_path_factory.mktemp("eks") / "ansible"
    shutil.copytree(checkout.REPOSITORY / "rendered" / "production" / "ansible", folder)
    return Shop(folder, tmp_path_factory.mktemp("home"))
