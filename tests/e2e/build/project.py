"""A project to build: the sample's sources, and over their root what is rendered in build/."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools import pins
from tests.tools.process import Done, run

SAMPLE = Path(__file__).with_name("sample")
TOOLS = pins.PYTHON / "bin"

SPEC: dict[str, Any] = {
    "apiVersion": "hftgen/v1",
    "project": "sample",
    "environment": "only",
    "tier": "staging",
    "gitops": {"repoURL": "https://git.example.com/sample/config.git"},
    "kubernetes": {"version": "1.36"},
    "clusters": {"here": {"cloud": "kind"}},
    "services": {"trading-engine": {"image": "registry.example.com/sample/trading-engine:v1"}},
}
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


class Compiler(NamedTuple):
    """A compiler as a spec calls it, with the first number of its version."""

    name: str
    version: str


class Project(NamedTuple):
    """A folder with sources and presets; `environment` is added to that of the programs it runs."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str | Path, **more: str) -> Done:
        """Run a program in the folder; those of the tools come before the machine's."""
        return run(list(command), cwd=self.folder, env={**self.environment, **more})

    def insist(self, *command: str | Path, **more: str) -> str:
        """The same, which must succeed; what it wrote."""
        done = self.run(*command, **more)
        assert done.code == 0, f"{' '.join(map(str, command))}\n{done.both()}"
        return done.out

    def work(self, preset: str) -> str:
        """Configure, build, test and package, as far as the preset goes."""
        return self.insist("cmake", "--workflow", "--preset", preset)

    def out(self, preset: str) -> Path:
        """Where a preset builds."""
        return self.folder / "build" / preset

    def commands(self, preset: str) -> list[list[str]]:
        """What the compiler was told, once for each source."""
        text = (self.out(preset) / "compile_commands.json").read_text(encoding="utf-8")
        return [entry["command"].split() for entry in json.loads(text)]

    def presets(self) -> dict[str, Any]:
        """The rendered CMakePresets.json."""
        return dict(json.loads((self.folder / "CMakePresets.json").read_text(encoding="utf-8")))


def find_compiler() -> Compiler:
    """gcc, or clang where there is none."""
    for name, program in (("gcc", "g++"), ("clang", "clang++")):
        if shutil.which(program):
            done = run([program, "-dumpversion"])
            assert done.code == 0, done.both()
            return Compiler(name, done.out.strip().partition(".")[0])
    raise AssertionError("a compiler of C++ is needed here: install g++ or clang")


def name_target(*, other: bool = False) -> str:
    """The platform of Linux that this machine is, or the other one."""
    here = MACHINES[platform.machine()]
    return f"linux-{next(arch for arch in MACHINES.values() if arch != here) if other else here}"


def lay_out(folder: Path, compiler: Compiler, fields: Mapping[str, object]) -> Project:
    """Render a spec whose `build` has these fields, and lay what it makes over a copy of the sample."""
    build = {
        "compiler": {"name": compiler.name, "version": compiler.version},
        "platforms": ["linux/amd64", "linux/arm64"],
        **fields,
    }
    specs = folder / "specs"
    specs.mkdir()
    (specs / "only.yaml").write_text(json.dumps({**SPEC, "build": build}), encoding="utf-8")
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=folder)
    assert done.code == 0, done.both()
    shutil.copytree(SAMPLE, folder / "sources")
    shutil.copytree(folder / "rendered" / "repository" / "build", folder / "sources", dirs_exist_ok=True)
    environment = {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "CONAN_HOME": str(folder / "conan")}
    return Project(folder / "sources", environment)
