"""The proof can fail: a mistake planted into our own modules is found, and named."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terraform.mistakes import SORTS, Mistake, list_mistakes
from tests.e2e.terraform.roots import CLOUDS, MODULES
from tests.tools import pins
from tests.tools.providers import read_schemas
from tests.tools.terraform import Terraform

pytestmark = pytest.mark.delivery


_NAMES = sorted(file.parent.relative_to(MODULES).as_posix() for file in MODULES.glob("*/*/versions.tf"))
_PROVIDERS = {cloud: provider for provider, cloud in CLOUDS.items()}


@pytest.mark.parametrize("module", _NAMES)
def test_every_sort_of_mistake_is_found(module: str, terraform: Terraform, tmp_path: Path) -> None:
    """Each that fits a module is refused by its name there; the module of the cluster has room for all of them."""
    cloud, _, name = module.partition("/")
    folder = tmp_path / name
    shutil.copytree(MODULES / module, folder)
    assert terraform.initialize(folder).code == 0
    assert terraform.validate(folder) == []
    planted = list(list_mistakes(folder, _read_resources(_PROVIDERS[cloud])))
    told = {(mistake.title, mistake.word): _judge(terraform, folder, mistake) for mistake in planted}
    assert {key: text for key, text in told.items() if key[1] not in text} == {}
    assert {mistake.title for mistake in planted} == set(SORTS) or (planted and name != "cluster")


def _judge(terraform: Terraform, folder: Path, mistake: Mistake) -> str:
    """What is said of a module while there is a mistake in it."""
    right = mistake.file.read_text(encoding="utf-8")
    mistake.file.write_text(mistake.text, encoding="utf-8")
    try:
        return "\n".join(terraform.validate(folder))
    finally:
        mistake.file.write_text(right, encoding="utf-8")


def _read_resources(provider: str) -> dict[str, Any]:
    """The schemas of a provider's resources."""
    (file,) = pins.PROVIDERS.glob(f"registry.terraform.io/hashicorp/{provider}/*/*/schema.json")
    found: dict[str, Any] = read_schemas(file)["resource_schemas"]
    return found
