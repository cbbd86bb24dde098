"""What Terraform only warns of, or does not look at: undeclared variables, and root modules that are absent."""

from tests.e2e.terraform.roots import compare_variables, list_roots
from tests.e2e.tree import Tree


def test_variables_are_declared_and_declared_ones_are_given(tree: Tree) -> None:
    """terraform.tfvars.json, and each call of a module, hold exactly the variables that are declared there."""
    assert [line for root in list_roots(tree) for line in compare_variables(root)] == []


def test_a_cluster_that_terraform_makes_has_its_root_modules(tree: Tree) -> None:
    """Each cluster of a cloud has its three, its environment `bootstrap`; without the section there are none."""
    found = {str(root) for root in list_roots(tree)}
    assert {name for name in found if not name.endswith("/shared")} == set(_expect(tree))


def _expect(tree: Tree) -> list[str]:
    expected = []
    for name in tree.environments():
        environment = tree.load(name)
        clusters = [key for key, each in environment.clusters.items() if each.cloud in ("aws", "gcp", "azure")]
        if environment.terraform is not None and clusters:
            expected += [f"{name}/bootstrap"]
            expected += [f"{name}/{cluster}/{root}" for cluster in clusters for root in ("network", "cluster", "data")]
    return expected
