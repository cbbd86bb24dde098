"""Terraform and OpenTofu, unmodified, with the providers' schemas and without a registry, a cloud or a state."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.tools import pins
from tests.tools.process import Done, run
from tests.tools.providers import narrow

_CONFIGURATION = 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n'
# What test files do with state that another version keeps differently; older ones know no mocks.
_OLDEST = (1, 11)
_MAIN = "main.tf.json"
_TYPE = re.compile(r'^(?:resource|data|ephemeral) "(\w+)"', re.MULTILINE)
_PASSED = re.compile(r"^Success! ([1-9]\d*) passed, 0 failed", re.MULTILINE)


class Terraform(NamedTuple):
    """A program that reads Terraform's language; its configuration names the mirror of providers and nothing else."""

    program: Path
    version: tuple[int, ...]
    configuration: Path

    def is_enough(self, required: str) -> bool:
        """Whether it is as new as a root module's required_version (`>= 1.11, < 2.0`) says."""
        return self.version >= read_numbers(required.partition(",")[0])

    def check_format(self, folder: Path) -> Done:
        """Whether all files below are written as the program writes them; says how they differ."""
        return self._run(folder, "fmt", "-check", "-recursive", "-diff", ".")

    def initialize(self, folder: Path) -> Done:
        """Finds modules and providers, whose versions must satisfy what is asked; backends are left alone."""
        return self._run(folder, "init", "-backend=false", "-input=false")

    def judge_backend(self, folder: Path, backend: object) -> str:
        """What is wrong with a backend's arguments, or nothing; `folder` is for a root module that has it alone.

        Nobody is logged in anywhere, so that it gets no further than its arguments. A fault in them has a place.
        """
        text = json.dumps({"terraform": {"backend": backend}}, indent=2)
        (folder / _MAIN).write_text(text, encoding="utf-8")
        done = run([self.program, f"-chdir={folder}", "init", "-input=false", "-no-color"], env=self._strip(folder))
        (folder / _MAIN).unlink()
        return done.both() if _MAIN in done.both() or done.code == 0 else ""

    def validate(self, folder: Path) -> list[str]:
        """What is wrong in an initialized root module, warnings too: `file:line: summary: detail`."""
        answer = json.loads(self._run(folder, "validate", "-json", color=None).out)
        return [_tell(item) for item in answer["diagnostics"]]

    def test(self, folder: Path) -> Done:
        """Runs the test files of an initialized module. Code 1 where one failed, and where there is none."""
        done = self._run(folder, "test")
        return done if done.code or _PASSED.search(done.out) else done._replace(code=1)

    def _run(self, folder: Path, *words: str, color: str | None = "-no-color") -> Done:
        command: list[str | Path] = [self.program, f"-chdir={folder}", *words]
        if color and words[0] != "fmt":
            command.insert(3, color)
        return run(command, env=_settle(self.configuration), timeout=600)

    def _strip(self, folder: Path) -> Mapping[str, str]:
        """An environment in which no cloud's login is found."""
        nowhere = str(folder / "nowhere")
        homes = ("HOME", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "PATH")
        empty = {name: "" for name in os.environ if name.startswith(("AWS_", "ARM_", "AZURE_", "GOOGLE_", "TF_"))}
        return {
            **empty,
            **_settle(self.configuration),
            **dict.fromkeys(homes, nowhere),
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def configure(folder: Path, modules: Path) -> Path:
    """A file that says where providers come from, in `folder`; they know the types that `modules` use."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(modules.rglob("*.tf"))]
    narrow(folder / "providers", {name for text in texts for name in _TYPE.findall(text)})
    file = folder / "terraform.rc"
    file.write_text(_CONFIGURATION % (folder / "providers"), encoding="utf-8")
    return file


def find_programs(configuration: Path) -> list[Terraform]:
    """Terraform where the machine has one that is new enough, and the OpenTofu that the tools build."""
    found = shutil.which("terraform")
    programs = [Path(found), pins.BIN / "tofu"] if found else [pins.BIN / "tofu"]
    every = [Terraform(program, _read_version(program, configuration), configuration) for program in programs]
    return [each for each in every if each.version >= _OLDEST]


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version: `>= 1.11` is (1, 11)."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _read_version(program: Path, configuration: Path) -> tuple[int, ...]:
    done = run([program, "version", "-json"], env=_settle(configuration))
    return read_numbers(json.loads(done.out)["terraform_version"])


def _settle(configuration: Path) -> Mapping[str, str]:
    """The environment of each run: providers from the mirror, and nobody asked whether there is a newer version."""
    return {"TF_CLI_CONFIG_FILE": str(configuration), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def _tell(diagnostic: Mapping[str, object]) -> str:
    place = diagnostic.get("range")
    where = f"{place['filename']}:{place['start']['line']}: " if isinstance(place, dict) else ""
    return f"{where}{diagnostic['summary']}: {diagnostic.get('detail', '')}"
