"""Programs to judge with, and root modules to judge."""

import pytest

from tests.e2e.terraform.roots import MODULES
from tests.tools.terraform import Terraform, configure, find_programs


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> list[Terraform]:
    """Terraform where the machine has it, then OpenTofu."""
    return find_programs(configure(tmp_path_factory.mktemp("configuration"), MODULES))


@pytest.fixture(scope="session")
def terraform(programs: list[Terraform]) -> Terraform:
    """The first of them."""
    return programs[0]
