"""The wheel is enough: templates and policies travel inside it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hftgen import packaged

_REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network by the locked build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    command: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(command, cwd=_REPOSITORY, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


def _below(folder: Path) -> set[str]:
    return {str(file.relative_to(folder.parent)) for file in folder.rglob("*") if file.is_file()}


def test_it_holds_every_template_and_policy(wheel: Path) -> None:
    """What is packaged is what the checkout has, file by file."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("hftgen/_packaged/")}
    files = _below(packaged.templates()) | _below(packaged.policies())
    assert files
    assert names == {f"hftgen/_packaged/{file}" for file in files}


def test_it_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    """Code, data tables and the mark that it is typed; no tests."""
    package = _REPOSITORY / "generator" / "hftgen"
    own = {f"hftgen/{file.relative_to(package)}" for file in package.rglob("*") if file.is_file()}
    own = {name for name in own if "__pycache__" not in name and "/." not in name}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "hftgen/py.typed" in own
    assert {name for name in names if not name.startswith(("hftgen/_packaged/", "hftgen-"))} == own


def test_installed_it_finds_its_own_templates(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the package uses the templates beside it, not those of any checkout."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = "from hftgen import packaged; print(packaged.templates()); print(packaged.policies())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    folder = tmp_path / "hftgen" / "_packaged"
    assert done.stdout.splitlines() == [str(folder / "templates"), str(folder / "policies")]


def test_in_a_checkout_they_are_the_repositorys() -> None:
    """An editable install renders with the templates that are being edited."""
    assert packaged.templates() == _REPOSITORY / "templates"
    assert packaged.policies() == _REPOSITORY / "policies"
