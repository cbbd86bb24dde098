"""What is rendered: a folder on tmpfs with the specs of many environments, and the commands that work on it."""

import os
import shutil
import sys
from pathlib import Path

from tests.bench.measure import Command

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
FILES = 60

_SPEC = """\
apiVersion: hftgen/v1
extends: base.yaml
environment: {name}
kubernetes: {{namespace: {name}}}
services:
  gateway: {{image: "registry.example.com/bench/gateway:v1.0.{number}", config: {{REVISION: "{revision}"}}}}
  orders: {{replicas: {replicas}, image: "registry.example.com/bench/orders:v1.1.{number}"}}
  risk: {{memory: {memory}Gi}}
"""


class Scene:
    """A repository of `count` environments, its output and its cache, all below `root`."""

    def __init__(self, root: Path, count: int) -> None:
        self.root = root
        self.specs, self.output = root / "config" / "specs", root / "config" / "rendered"
        self.home = root / "home"
        self.names = tuple(f"bench-{number:03}" for number in range(1, count + 1))
        self.specs.mkdir(parents=True)
        self.home.mkdir()
        shutil.copy(HERE / "specs" / "base.yaml", self.specs)
        for name in self.names:
            self.write_spec(name, 0)

    def write_spec(self, name: str, revision: int) -> None:
        """The spec of one environment; another revision changes one of its files."""
        number = int(name.rpartition("-")[2])
        text = _SPEC.format(name=name, number=number, revision=revision, replicas=2 + number % 3, memory=2 + number % 2)
        (self.specs / f"{name}.yaml").write_text(text, encoding="utf-8")

    def clear(self) -> None:
        """No output, no cache: the next render is cold."""
        shutil.rmtree(self.output, ignore_errors=True)
        shutil.rmtree(self.home)
        self.home.mkdir()

    def render(self, *options: str) -> Command:
        """`hftgen render` with the benchmark's templates alone."""
        return self._hftgen("render", "--output", str(self.output), *options)

    def validate(self) -> Command:
        """`hftgen validate` without outside tools."""
        command = self._hftgen("validate", "--output", str(self.output))
        return command._replace(environment={**command.environment, "PATH": ""})

    def show_context(self, name: str) -> Command:
        """`hftgen show context`, as JSON."""
        return self._hftgen("show", "context", name, "--format", "json")

    def noop(self) -> Command:
        """The bare script that the render without changes is measured against."""
        arguments = (sys.executable, str(HERE / "noop.py"), str(self.specs), str(TEMPLATES), str(self.output))
        return Command(arguments, self.specs.parent, self.environment())

    def copy(self) -> Command:
        """`cp -r` of the finished tree."""
        return Command(("cp", "-r", str(self.output), str(self.root / "copy")), self.specs.parent, self.environment())

    def environment(self) -> dict[str, str]:
        """The environment of every program measured: a home and temporary files on the same tmpfs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTHON"))}
        return {**kept, "HOME": str(self.home), "TMPDIR": str(self.root), "PATH": os.environ["PATH"]}

    def _hftgen(self, *arguments: str) -> Command:
        program = str(Path(sys.executable).with_name("hftgen"))
        folders = ("--specs", str(self.specs), "--templates", str(TEMPLATES), "--no-packaged")
        return Command((program, *arguments, *folders), self.specs.parent, self.environment())
