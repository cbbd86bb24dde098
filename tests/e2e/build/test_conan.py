"""Conan: it reads every profile and the recipe, and its graph is the spec's packages at the spec's versions.

No package server is asked: recipes of ours stand for the packages, in a home of their own. So names, versions,
settings, flags and package ids are Conan's own verdict; whether a server has these packages is not looked at.
"""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.build.conftest import Lay
from tests.e2e.build.project import TOOLS, Project, name_target
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

HERE = name_target()
REQUIRES = {"boost": "1.86.0", "fmt": "11.0.2", "quickfix": "1.15.1"}
STUB = Path(__file__).with_name("stub") / "recipe.txt"


class Conan:
    """Conan with a home of its own, and without servers."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def ask(self, *words: str | Path, cwd: Path) -> Done:
        """One command."""
        return run([TOOLS / "conan", *words], cwd=cwd, env={"CONAN_HOME": str(self._home)})

    def insist(self, *words: str | Path, cwd: Path) -> Any:
        """One that must succeed; what it answers, as JSON."""
        done = self.ask(*words, "--format=json", cwd=cwd)
        assert done.code == 0, f"{' '.join(map(str, words))}\n{done.both()}"
        return json.loads(done.out)


@pytest.fixture(scope="module")
def conan(tmp_path_factory: pytest.TempPathFactory) -> Conan:
    """One that knows the packages of the specs, each by a recipe of ours."""
    folder = tmp_path_factory.mktemp("conan")
    shutil.copy(STUB, folder / "conanfile.py")
    conan = Conan(folder / "home")
    for name, version in REQUIRES.items():
        conan.insist("export", ".", f"--name={name}", f"--version={version}", cwd=folder)
    return conan


def profiles(preset: str) -> list[str]:
    """The options that name a preset's profiles."""
    return [f"--profile:host=profiles/{preset}", "--profile:build=profiles/build"]


def list_presets(build: Path) -> list[str]:
    """The presets of a build folder."""
    presets = json.loads((build / "CMakePresets.json").read_text(encoding="utf-8"))["configurePresets"]
    return [preset["name"] for preset in presets if not preset.get("hidden")]


def test_every_profile_is_read(conan: Conan, committed: Path) -> None:
    """There is one for each preset, and its settings are ones that Conan knows."""
    presets = list_presets(committed)
    with ThreadPoolExecutor(2) as pool:
        show = lambda preset: conan.insist("profile", "show", *profiles(preset), cwd=committed)  # noqa: E731
        shown = dict(zip(presets, pool.map(show, presets), strict=True))
    for preset, answer in shown.items():
        settings, conf = answer["host"]["settings"], answer["host"]["conf"]
        assert conf["user.cmake:preset"] == preset
        assert settings["compiler.cppstd"] == "20"
        if preset.startswith("linux-"):
            assert (settings["compiler"], settings["compiler.version"]) == ("gcc", "13")
            assert Path(conf["tools.cmake.cmaketoolchain:user_toolchain"][0]).is_file()
        sanitizer = {"asan": "address", "tsan": "thread", "ubsan": "undefined"}.get(preset.rpartition("-")[2])
        told = " ".join(conf.get("tools.build:cxxflags", []))
        assert (f"fsanitize={sanitizer}" in told) == (sanitizer is not None)


def test_the_recipe_says_what_the_spec_says(conan: Conan, committed: Path, repository: Path) -> None:
    """Conan reads it without help."""
    spec = yaml.safe_load((repository / "specs" / "base.yaml").read_text(encoding="utf-8"))
    assert spec["build"]["requires"] == REQUIRES
    told = conan.insist("inspect", "conanfile.py", cwd=committed)
    assert told["name"] == spec["project"]
    assert set(told["settings"]) == {"os", "arch", "compiler", "build_type"}


def test_without_a_network_it_stops_at_the_first_package(tmp_path: Path, committed: Path) -> None:
    """With no server and no recipe there is nothing to resolve: that package's name and version are asked for."""
    empty = Conan(tmp_path / "home")
    done = empty.ask("graph", "info", ".", *profiles("linux-amd64-release"), "--no-remote", cwd=committed)
    assert done.code != 0
    assert "boost/1.86.0" in done.err


def test_the_graph_is_the_spec_s(conan: Conan, committed: Path) -> None:
    """Each package once, at its version; a package's id tells CPUs and sanitizers apart, and nothing else."""
    ids: dict[str, set[str]] = {}
    for preset in list_presets(committed):
        if not preset.startswith("linux-"):
            continue
        graph = conan.insist("graph", "info", ".", *profiles(preset), "--no-remote", cwd=committed)["graph"]
        nodes = [node for node in graph["nodes"].values() if node["ref"].split("/")[0] in REQUIRES]
        assert sorted(node["ref"].partition("#")[0] for node in nodes) == [f"{k}/{v}" for k, v in REQUIRES.items()]
        ids[preset] = {node["package_id"] for node in nodes}
    for target in ("linux-amd64", "linux-arm64"):
        alike = [ids[f"{target}-{variant}"] for variant in ("debug", "release", "lto", "benchmark")]
        assert all(each == alike[0] for each in alike)
        apart = [ids[f"{target}-{variant}"] for variant in ("release", "asan", "tsan", "ubsan")]
        assert len(set.union(*apart)) == sum(map(len, apart))
    assert not ids["linux-amd64-release"] & ids["linux-arm64-release"]


def test_a_lock_file_holds_every_package(conan: Conan, lay: Lay) -> None:
    """As docs/build.md advises."""
    project = lay(packages="conan", requires=REQUIRES)
    for variant in ("release", "asan"):
        command = (
            "lock",
            "create",
            ".",
            *profiles(f"{HERE}-{variant}"),
            "--lockfile-out=conan.lock",
            "--no-remote",
        )
        done = conan.ask(*command, cwd=project.folder)
        assert done.code == 0, done.both()
    locked = json.loads((project.folder / "conan.lock").read_text(encoding="utf-8"))["requires"]
    assert sorted(reference.partition("#")[0] for reference in locked) == [f"{k}/{v}" for k, v in REQUIRES.items()]


def test_a_package_of_an_older_cmake_is_built(conan: Conan, lay: Lay, tmp_path: Path) -> None:
    """CMake 4 refuses what asks for less than 3.5, unless it is told; so does it what our own sources fetch."""
    shutil.copy(STUB.with_name("old.txt"), tmp_path / "conanfile.py")
    old = "cmake_minimum_required(VERSION 3.1)\nproject(old NONE)\n"
    (tmp_path / "CMakeLists.txt").write_text(old, encoding="utf-8")
    conan.insist("export", ".", cwd=tmp_path)
    project = lay(packages="conan", requires={"old": "1.0.0"})
    fetched = project.folder / "fetched"
    fetched.mkdir()
    (fetched / "CMakeLists.txt").write_text(old, encoding="utf-8")
    with (project.folder / "CMakeLists.txt").open("a", encoding="utf-8") as file:
        file.write("add_subdirectory(fetched)\n")
    preset = f"{HERE}-release"
    done = conan.ask("install", ".", *profiles(preset), "--build=missing", "--no-remote", cwd=project.folder)
    assert done.code == 0, done.both()
    project.insist("cmake", "--preset", preset)


@pytest.mark.parametrize("variant", ["debug", "release", "asan"])
def test_presets_find_conan_s_packages(conan: Conan, lay: Lay, variant: str) -> None:
    """conan install, then the preset: found by find_package(), with our flags and no others."""
    project: Project = lay(packages="conan", requires=REQUIRES)
    preset = f"{HERE}-{variant}"
    command = ("install", ".", *profiles(preset), "--build=missing", "--no-remote")
    done = conan.ask(*command, cwd=project.folder)
    assert done.code == 0, done.both()
    assert not (project.folder / "CMakeUserPresets.json").exists()
    project.work(preset)
    assert project.insist(project.out(preset) / "trading-engine") == "from a package\n"
    for told in project.commands(preset):
        assert sum(word.startswith(("-march=", "-mcpu=")) for word in told) == 1
        assert "-m64" not in told
