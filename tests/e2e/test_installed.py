"""`pip install hftgen` is enough: another repository needs nothing but its specs."""

import shutil
import sys
import zipfile
from pathlib import Path

from tests.tools import checkout
from tests.tools.process import run

_PROGRAM = "import hftgen.__main__; hftgen.__main__.main()"


def test_the_wheel_renders_what_the_checkout_renders(tmp_path: Path) -> None:
    """With the wheel's own templates and policies, specs alone give the same tree, byte for byte."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    built = run(command, cwd=checkout.REPOSITORY)
    assert built.code == 0, built.both()
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    shutil.copytree(checkout.REPOSITORY / "specs", tmp_path / "repository" / "specs")
    environment = {"PYTHONPATH": str(tmp_path / "site")}
    done = run([sys.executable, "-c", _PROGRAM, "render"], cwd=tmp_path / "repository", env=environment)
    assert done.code == 0, done.both()
    expected = checkout.read_tree(checkout.REPOSITORY / "rendered")
    assert checkout.read_tree(tmp_path / "repository" / "rendered") == expected
