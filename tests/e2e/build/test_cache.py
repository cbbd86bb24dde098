"""The compiler's cache: what was compiled once is not compiled again, in another checkout either."""

import shutil

import pytest

from tests.e2e.build.conftest import Lay
from tests.e2e.build.project import Project, name_target

pytestmark = pytest.mark.delivery

PRESET = f"{name_target()}-release"


def count(project: Project, counter: str) -> int:
    """A counter of ccache."""
    lines = project.insist("ccache", "--print-stats").splitlines()
    return sum(int(line.split("\t")[1]) for line in lines if line.split("\t")[0] in counter.split())


def test_another_checkout_takes_what_is_cached(lay: Lay) -> None:
    """Absolute paths and debug information do not keep two checkouts apart."""
    laid = lay(cache="ccache")
    first = laid._replace(environment={**laid.environment, "CCACHE_DIR": str(laid.folder.parent / "cache")})
    first.work(PRESET)
    compiled = len(first.commands(PRESET))
    assert count(first, "cache_miss") == compiled
    second = first._replace(folder=first.folder.parent / "another")
    shutil.copytree(first.folder, second.folder, ignore=shutil.ignore_patterns("build"))
    second.work(PRESET)
    assert count(second, "cache_miss") == compiled
    assert count(second, "direct_cache_hit preprocessed_cache_hit") == compiled


def test_the_launcher_is_the_spec_s(lay: Lay) -> None:
    """sccache is called in the same way; none means none."""
    for cache in ("ccache", "sccache", "none"):
        (base,) = (preset for preset in lay(cache=cache).presets()["configurePresets"] if preset["name"] == "base")
        assert base["cacheVariables"].get("CMAKE_CXX_COMPILER_LAUNCHER", "none") == cache
