"""A Dockerfile's own commands, run on this machine: they build, install and test a C++ project by its presets."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.docker.dockerfile import execute, list_steps
from tests.tools import pins
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

SAMPLE = Path(__file__).parent.parent / "build" / "sample"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
SPEC = """
apiVersion: hftgen/v1
project: sample
environment: development
tier: development
gitops: {{repoURL: "https://git.example.com/sample/config.git"}}
kubernetes: {{version: "1.36"}}
clusters: {{local: {{cloud: kind}}}}
ci: {{systems: [gitlab], registry: registry.example.com/sample}}
build:
  compiler: {{name: gcc, version: "{version}"}}
  platforms: [linux/{architecture}]
  presets: [release]
  container: {{builder: "debian:12", runtime: "gcr.io/distroless/cc-debian12:nonroot"}}
services:
  trading-engine:
    workload: stateful
    instances: single
    image: registry.example.com/sample/trading-engine:v1
    build: {{directory: services/trading-engine}}
    volumes: {{journal: {{path: /var/lib/journal, size: 1Gi}}}}
"""


@pytest.fixture(scope="module", params=["STATIC", "SHARED"])
def image(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """An image's root with the sample in /src as its repository would have it, its library of a kind."""
    config, image = tmp_path_factory.mktemp("config"), tmp_path_factory.mktemp("image")
    done = run(["g++", "-dumpversion"])
    text = SPEC.format(version=done.out.partition(".")[0].strip(), architecture=ARCHITECTURES[platform.machine()])
    (config / "specs").mkdir()
    (config / "specs" / "development.yaml").write_text(text, encoding="utf-8")
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=config)
    assert done.code == 0, done.both()
    shutil.copytree(SAMPLE, image / "src")
    shutil.copytree(config / "rendered/repository/build", image / "src", dirs_exist_ok=True)
    shutil.copytree(config / "rendered/repository/docker", image / "src/docker")
    listed = image / "src/CMakeLists.txt"
    library = listed.read_text(encoding="utf-8").replace("add_library(book STATIC", f"add_library(book {request.param}")
    installed = "install(TARGETS trading-engine book)"
    listed.write_text(library.replace("install(TARGETS trading-engine)", installed), encoding="utf-8")
    return image


def follow(image: Path, **env: str) -> Iterator[Done]:
    """What each command of the Dockerfile said, until one fails."""
    text = (image / "src/docker/trading-engine/Dockerfile").read_text(encoding="utf-8")
    path = f"{pins.PYTHON / 'bin'}:{os.environ['PATH']}"
    for step in list_steps(text):
        done = execute(step, image, {"TARGETARCH": ARCHITECTURES[platform.machine()], "PATH": path, **env})
        yield done
        if done.code:
            return


def test_an_architecture_without_a_preset_is_refused(image: Path) -> None:
    """Nothing else is built in its place."""
    *_, done = follow(image, TARGETARCH="riscv64")
    assert done.code == 1
    assert "no image is made for riscv64" in done.err


def test_its_commands_build_install_and_test(image: Path) -> None:
    """The program is where the last stage looks for it, with what it and its libraries link to, and starts.

    A C++ service whose sources lie in a folder is built by the one CMake project, where the presets are: at the root.
    """
    for done in follow(image):
        assert done.code == 0, done.both()
    program, libraries = image / "out/bin/trading-engine", image / "out/lib"
    assert run([program], env={"LD_LIBRARY_PATH": str(libraries)}).code == 0
    linked = run(["ldd", program], env={"LD_LIBRARY_PATH": str(libraries)}).out
    copied = {file.name for file in libraries.iterdir()}
    assert ("libstdc++.so.6" in copied) == ("libstdc++.so.6" in linked) == ("libbook.so" in copied)
    assert "libc.so.6" not in copied
    assert (image / "out/volumes/var/lib/journal").is_dir()


def test_a_program_that_is_not_installed_is_told(image: Path, tmp_path: Path) -> None:
    """By name, not by what the last stage does not find."""
    shutil.copytree(image / "src", tmp_path / "src", ignore=shutil.ignore_patterns("build"))
    listed = tmp_path / "src/CMakeLists.txt"
    text = listed.read_text(encoding="utf-8").replace("install(TARGETS trading-engine", "install(TARGETS")
    listed.write_text(text, encoding="utf-8")
    *_, done = follow(tmp_path)
    assert done.code == 1
    assert "CMake installs no bin/trading-engine" in done.err
