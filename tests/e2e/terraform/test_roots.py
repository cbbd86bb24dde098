"""Every root module, of the committed tree and of each platform, is valid and plans with its own variables."""

from pathlib import Path

import pytest

from tests.e2e.terraform.roots import Root, copy_environments, list_roots
from tests.e2e.tree import Tree
from tests.tools import checkout
from tests.tools.terraform import Terraform

pytestmark = pytest.mark.delivery


@pytest.fixture(scope="module")
def copies(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> list[Root]:
    """The tree's root modules, to be written into."""
    return copy_environments(list_roots(tree), tmp_path_factory.mktemp("roots"))


def test_the_files_are_written_as_terraform_writes_them(tree: Tree, terraform: Terraform) -> None:
    """`fmt` would change nothing."""
    done = terraform.check_format(tree.rendered)
    assert done.code == 0, done.both()


def test_every_root_module_is_valid_and_plans(tree: Tree, copies: list[Root], programs: list[Terraform]) -> None:
    """Providers at their pinned versions are found, no argument is misspelt, and the variables pass every validation.

    All programs judge the committed tree; the first one that is as new as it is asked for, all others.
    """
    wanted = None if tree.repository == checkout.REPOSITORY else 1
    judges = [(root, judge) for root in copies for judge in _find_judges(root, programs)[:wanted]]
    assert {root for root, _ in judges} == set(copies), "a root module asks for a newer program than there is"
    found = [(f"{root} by {judge.program.name}", _judge(judge, root)) for root, judge in judges]
    faults = "\n\n".join(f"{name}\n{text}" for name, text in found if text)
    assert not faults, faults


def test_backends_are_told_what_they_know(tree: Tree, programs: list[Terraform], tmp_path: Path) -> None:
    """`validate` does not look at a backend's arguments; the backend itself does, before it reaches for its cloud."""
    backends = [(root, root.read()["terraform"]["backend"]) for root in list_roots(tree)]
    found = [
        f"{root} by {judge.program.name}: {text}"
        for judge in programs
        for root, backend in backends
        if "local" not in backend and (text := judge.judge_backend(tmp_path, backend))
    ]
    assert found == []


@pytest.mark.parametrize("kind", ["s3", "gcs", "azurerm"])
def test_a_misspelt_argument_of_a_backend_is_found(kind: str, programs: list[Terraform], tmp_path: Path) -> None:
    """The proof above can fail, for each kind of backend."""
    roots = [root.read()["terraform"]["backend"] for root in list_roots(Tree(checkout.REPOSITORY))]
    backend = next(each for each in roots if kind in each)
    for judge in programs:
        assert "keyy" in judge.judge_backend(tmp_path, {kind: {**backend[kind], "keyy": "x"}})


def _find_judges(root: Root, programs: list[Terraform]) -> list[Terraform]:
    required = root.read()["terraform"]["required_version"]
    return [program for program in programs if program.is_enough(required)]


def _judge(terraform: Terraform, root: Root) -> str:
    """What is wrong with a root module, or nothing."""
    done = terraform.initialize(root.folder)
    if done.code:
        return done.both()
    if faults := terraform.validate(root.folder):
        return "\n".join(faults)
    done = terraform.test(root.folder)
    return done.both() if done.code else ""
