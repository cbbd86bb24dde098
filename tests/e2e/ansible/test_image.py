"""Packer's template for EKS: HCL that is read, variables that are given, steps that are there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.ansible.conftest import Shop
from tests.tools import pins
from tests.tools.process import run
from tests.tools.terraform import Terraform, find_programs

pytestmark = pytest.mark.delivery


@pytest.fixture(scope="module")
def template(eks: Shop) -> dict[str, Any]:
    """The template, parsed."""
    file = eks.folder / "image" / "eks.pkr.hcl"
    done = run([pins.PYTHON / "bin" / "hcl2tojson", file])
    assert done.code == 0, done.both()
    parsed: dict[str, Any] = json.loads(done.out)
    return parsed


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Terraform where the machine has it, else OpenTofu."""
    configuration = tmp_path_factory.mktemp("configuration") / "terraform.rc"
    configuration.touch()
    return find_programs(configuration)[0]


def test_it_is_laid_out_as_hcl_is(eks: Shop, terraform: Terraform, tmp_path: Path) -> None:
    """By the program that lays out HCL; Packer's own does the same."""
    text = (eks.folder / "image" / "eks.pkr.hcl").read_text(encoding="utf-8")
    (tmp_path / "eks.tf").write_text(text, encoding="utf-8")
    done = terraform.check_format(tmp_path)
    assert done.code == 0, done.both()


def test_each_pool_gives_what_is_declared(eks: Shop, template: dict[str, Any]) -> None:
    """Every variable without a default but the subnet, and none that is unknown: Packer would refuse it."""
    declared = {_bare(name): body for each in template["variable"] for name, body in each.items()}
    needed = {name for name, body in declared.items() if "default" not in body}
    files = sorted((eks.folder / "image").glob("*.pkrvars.json"))
    assert files
    for file in files:
        assert set(json.loads(file.read_text(encoding="utf-8"))) == needed - {"subnet"}, file


def test_what_is_named_is_declared(eks: Shop, template: dict[str, Any]) -> None:
    """No variable is used that is not declared, and none declared that nothing uses."""
    text = (eks.folder / "image" / "eks.pkr.hcl").read_text(encoding="utf-8")
    declared = {_bare(name) for each in template["variable"] for name in each}
    assert set(re.findall(r"\bvar\.(\w+)", text)) == declared


def test_the_image_is_kept_only_if_it_is_as_told(template: dict[str, Any], eks: Shop) -> None:
    """Told, started again, waited for as long as a whole machine takes, read back; by playbooks that are there."""
    steps = [(_bare(name), body) for each in template["build"][0]["provisioner"] for name, body in each.items()]
    assert [name for name, _ in steps] == ["ansible", "shell", "shell", "ansible", "shell"]
    assert steps[2][1]["start_retry_timeout"].strip('"') == "30m"
    played = [body["playbook_file"].rpartition("/")[2].strip('"') for name, body in steps if name == "ansible"]
    assert played == ["image.yaml", "verify.yaml"]
    assert all((eks.folder / "playbooks" / name).exists() for name in played)


def test_the_group_has_variables(eks: Shop) -> None:
    """What Packer starts is a host of the pool's group, whose variables lie beside the inventory."""
    for file in sorted((eks.folder / "image").glob("*.pkrvars.json")):
        values = json.loads(file.read_text(encoding="utf-8"))
        assert eks.variables(values["group"])["node"]["kernel_arguments"]


def _bare(name: str) -> str:
    """A label without the quotes that the parser leaves to it."""
    return name.strip('"')
