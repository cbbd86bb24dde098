"""The tests of our modules: `<cloud>/<module>/*.tftest.hcl`, beside what they look at."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.terraform.roots import MODULES
from tests.tools.terraform import Terraform

pytestmark = pytest.mark.delivery

_HERE = Path(__file__).parent
_NAMES = sorted(file.parent.relative_to(MODULES).as_posix() for file in MODULES.glob("*/*/versions.tf"))


@pytest.mark.parametrize("module", _NAMES)
def test_a_module_does_what_its_tests_say(module: str, programs: list[Terraform], tmp_path: Path) -> None:
    """Its validations refuse what the provider would refuse, and its plan holds what its tests look for."""
    assert list((_HERE / module).glob("*.tftest.hcl")), f"{module} has no tests"
    shutil.copytree(MODULES, tmp_path / "modules")
    folder = tmp_path / "modules" / module
    shutil.copytree(_HERE / module, folder, dirs_exist_ok=True)
    for terraform in programs:
        done = terraform.initialize(folder)
        assert done.code == 0, done.both()
        done = terraform.test(folder)
        assert done.code == 0, f"{terraform.program.name}\n{done.both()}"


def test_module_tests_are_written_as_terraform_writes_them(terraform: Terraform) -> None:
    """`fmt` would change nothing."""
    done = terraform.check_format(_HERE)
    assert done.code == 0, done.both()
