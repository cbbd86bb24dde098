"""The small system of sample/, with what is rendered for this machine's compiler laid over it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.build.project import Compiler, Project, find_compiler, lay_out

Lay = Callable[..., Project]


@pytest.fixture(scope="session")
def compiler() -> Compiler:
    """The compiler of this machine."""
    return find_compiler()


@pytest.fixture(scope="session")
def lay(tmp_path_factory: pytest.TempPathFactory, compiler: Compiler) -> Lay:
    """Makes a project in a folder of its own; fields of `build` as keywords."""

    def make(**fields: object) -> Project:
        return lay_out(tmp_path_factory.mktemp("project"), compiler, fields)

    return make


@pytest.fixture(scope="session")
def plain(lay: Lay) -> Project:
    """A project without packages and without a cache, built by whoever asks first."""
    return lay(version="1.4.0")


@pytest.fixture
def committed(repository: Path) -> Path:
    """What is rendered for this repository's own specs."""
    return repository / "rendered" / "repository" / "build"
