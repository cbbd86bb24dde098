"""Root modules of a rendered tree, and what makes them plan without a cloud."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.tree import Tree
from tests.tools import checkout

CLOUDS = {"aws": "aws", "google": "gcp", "azurerm": "azure"}
"""Folders of ours by the provider's name."""
MODULES = checkout.REPOSITORY / "templates" / "terraform" / "modules"
_MOCKS = Path(__file__).parent
_VARIABLE = re.compile(r'^variable "([^"]+)" \{$', re.MULTILINE)


class Root(NamedTuple):
    """A root module: the environment's terraform folder, and its own path below it."""

    home: Path
    path: str

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.home / self.path

    def read(self) -> dict[str, Any]:
        """Its main.tf.json."""
        found: dict[str, Any] = json.loads((self.folder / "main.tf.json").read_text(encoding="utf-8"))
        return found

    def __str__(self) -> str:
        return f"{self.home.parent.name}/{self.path}"


def list_roots(tree: Tree) -> list[Root]:
    """All root modules of a tree."""
    files = sorted(tree.rendered.glob("*/terraform/**/main.tf.json"))
    return [_find_root(file.parent) for file in files]


def copy_environments(roots: list[Root], target: Path) -> list[Root]:
    """The same root modules in copies that may be written into, with a test that plans each."""
    for home in {root.home for root in roots}:
        shutil.copytree(home, target / home.parent.name / home.name)
    copies = [Root(target / root.home.parent.name / root.home.name, root.path) for root in roots]
    for root in copies:
        (root.folder / "plan.tftest.hcl").write_text("\n".join(_write_plan(root)), encoding="utf-8")
    return copies


def declare(folder: Path) -> set[str]:
    """The variables that a module declares."""
    names = {name for file in folder.glob("*.tf") for name in _VARIABLE.findall(file.read_text(encoding="utf-8"))}
    for file in folder.glob("variables.tf.json"):
        names |= set(json.loads(file.read_text(encoding="utf-8"))["variable"])
    return names


def compare_variables(root: Root) -> list[str]:
    """Where variables that are declared and those that are given differ, in the root module and in its calls."""
    given = json.loads((root.folder / "terraform.tfvars.json").read_text(encoding="utf-8"))
    places = {f"{root}/terraform.tfvars.json": (root.folder, set(given))}
    for name, call in root.read()["module"].items():
        places[f"{root}, module {name}"] = (root.folder / call["source"], set(call) - {"source", "providers"})
    return [
        f"{place}: {', '.join(sorted(found ^ declare(folder)))}"
        for place, (folder, found) in places.items()
        if found != declare(folder)
    ]


def read_mocks(provider: str) -> str:
    """What a cloud's data sources answer in tests, where made-up text will not do: `<cloud>/mocks.hcl`."""
    file = _MOCKS / CLOUDS[provider] / "mocks.hcl"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _find_root(folder: Path) -> Root:
    home = next(parent for parent in folder.parents if parent.name == "terraform")
    return Root(home, folder.relative_to(home).as_posix())


def _write_plan(root: Root) -> Iterator[str]:
    for provider, configurations in root.read()["provider"].items():
        for configuration in configurations:
            alias = f'  alias = "{configuration["alias"]}"\n' if "alias" in configuration else ""
            yield f'mock_provider "{provider}" {{\n{alias}{read_mocks(provider)}}}\n'
    yield 'run "plan" {\n  command = plan\n}\n'
