"""The proof can fail: a mistake planted into our own modules is found, and named."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terraform.mistakes import SORTS, list_mistakes
from tests.e2e.terraform.roots import CLOUDS, MODULES
from tests.tools import pins
from tests.tools.providers import read_schemas
from tests.tools.terraform import Terraform

pytestmark = pytest.mark.delivery


@pytest.mark.parametrize("provider", CLOUDS)
def test_every_sort_of_mistake_is_found(provider: str, terraform: Terraform, tmp_path: Path) -> None:
    """Each is refused by its name, in the module of the cluster, which is right without it."""
    folder = tmp_path / "module"
    shutil.copytree(MODULES / CLOUDS[provider] / "cluster", folder)
    assert terraform.initialize(folder).code == 0
    assert terraform.validate(folder) == []
    planted = list(list_mistakes(folder, _read_resources(provider)))
    assert {mistake.title for mistake in planted} == set(SORTS)
    told = {}
    for mistake in planted:
        right = mistake.file.read_text(encoding="utf-8")
        mistake.file.write_text(mistake.text, encoding="utf-8")
        told[mistake.title, mistake.word] = "\n".join(terraform.validate(folder))
        mistake.file.write_text(right, encoding="utf-8")
    assert {key: text for key, text in told.items() if key[1] not in text} == {}


def _read_resources(provider: str) -> dict[str, Any]:
    """The schemas of a provider's resources."""
    (file,) = pins.PROVIDERS.glob(f"registry.terraform.io/hashicorp/{provider}/*/*/schema.json")
    found: dict[str, Any] = read_schemas(file)["resource_schemas"]
    return found
