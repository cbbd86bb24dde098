"""What Terraform only warns of, or does not look at: undeclared variables, and root modules that are absent."""

import re

from tests.e2e.terraform.roots import compare_variables, list_roots
from tests.e2e.tree import Tree

_ORDER = ("bootstrap", "shared", "network", "cluster", "data")


def test_variables_are_declared_and_declared_ones_are_given(tree: Tree) -> None:
    """terraform.tfvars.json, and each call of a module, hold exactly the variables that are declared there."""
    assert [line for root in list_roots(tree) for line in compare_variables(root)] == []


def test_a_cluster_that_terraform_makes_has_its_root_modules(tree: Tree) -> None:
    """Each cluster of a cloud has its three, its environment `bootstrap`; without the section there are none."""
    found = {str(root) for root in list_roots(tree)}
    assert {name for name in found if not name.endswith("/shared")} == set(_expect(tree))


def test_the_readme_applies_each_root_module_once_and_in_order(tree: Tree) -> None:
    """Buckets before what lies in them, accounts before clusters, networks before what stands in them.

    A primary comes before a standby, whose databases are copies of its own.
    """
    for name in tree.environments():
        text = (tree.rendered / name / "README.md").read_text(encoding="utf-8")
        applied = re.findall(r"\bapply terraform/([^\s`]+)", text)
        assert sorted(applied) == sorted(root.path for root in list_roots(tree) if root.home.parent.name == name)
        roles = {str(key): each.role for key, each in tree.load(name).clusters.items()}
        steps = [path.rpartition("/") for path in applied]
        assert steps == sorted(steps, key=lambda step: (roles.get(step[0], ""), step[0], _ORDER.index(step[2]))), name


def _expect(tree: Tree) -> list[str]:
    expected = []
    for name in tree.environments():
        environment = tree.load(name)
        clusters = [key for key, each in environment.clusters.items() if each.cloud in ("aws", "gcp", "azure")]
        if environment.terraform is not None and clusters:
            expected += [f"{name}/bootstrap"]
            expected += [f"{name}/{cluster}/{root}" for cluster in clusters for root in ("network", "cluster", "data")]
    return expected
