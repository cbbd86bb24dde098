"""The committed root modules of Terraform and their variables; tests/e2e looks at those of other platforms too."""

from pathlib import Path

import pytest

from tests.e2e.terraform.roots import Root, compare_variables, copy_environments, list_roots
from tests.e2e.tree import Tree
from tests.tools import checkout

_ROOTS = list_roots(Tree(checkout.REPOSITORY))


@pytest.mark.parametrize("root", _ROOTS, ids=str)
def test_variables_are_declared_and_declared_ones_are_given(root: Root) -> None:
    """terraform.tfvars.json, and each call of a module, hold exactly the variables that are declared there."""
    assert compare_variables(root) == []


def test_a_variable_that_nobody_declares_is_found(tmp_path: Path) -> None:
    """Terraform would only warn of it."""
    root = copy_environments([root for root in _ROOTS if root.path.endswith("/network")][:1], tmp_path)[0]
    file = root.folder / "terraform.tfvars.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"zones"', '"zonen"'), encoding="utf-8")
    assert compare_variables(root) == [f"{root}/terraform.tfvars.json: zonen, zones"]
