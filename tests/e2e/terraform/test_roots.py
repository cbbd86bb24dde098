"""Every root module, of the committed tree and of each platform, is valid and plans with its own variables."""

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

    All programs judge the committed tree, the first one all others.
    """
    judges = programs if tree.repository == checkout.REPOSITORY else programs[:1]
    found = [(f"{root} by {judge.program.name}", _judge(judge, root)) for judge in judges for root in copies]
    faults = "\n\n".join(f"{name}\n{text}" for name, text in found if text)
    assert not faults, faults


def _judge(terraform: Terraform, root: Root) -> str:
    """What is wrong with a root module, or nothing."""
    done = terraform.initialize(root.folder)
    if done.code:
        return done.both()
    if faults := terraform.validate(root.folder):
        return "\n".join(faults)
    done = terraform.test(root.folder)
    return done.both() if done.code else ""
