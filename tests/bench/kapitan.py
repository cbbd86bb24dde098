"""Kapitan on the same work: its inventory holds hftgen's contexts, its Jsonnet calls the same templates."""

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from hftgen.render.emit import emit_yaml
from tests.bench.measure import Command
from tests.bench.scene import FILES, HERE, TEMPLATES, Scene

REPOSITORY = HERE.parent.parent
LOCK = HERE / "requirements.lock"
VENV = REPOSITORY / ".tools" / "bench-venv"
FASTEST = ("--use-go-jsonnet", "--inventory-backend", "reclass-rs", "--yaml-use-rapidyaml")

_COMPILE = [{"input_type": "jsonnet", "input_paths": ["main.jsonnet"], "output_path": ".", "output_type": "yaml"}]
_MAIN = """\
local env = std.native('inventory')(std.extVar('target'), null).parameters.env;
local templates = {{
{imports}
}};

{{
  ['apps/%s/%s' % [name, file]]: templates[file](env, env.services[name])
  for name in std.objectFields(env.services)
  for file in std.objectFields(templates)
}}
"""


def prepare_kapitan() -> None:
    """Kapitan in a virtual environment of its own, made from the lock file if it is not there yet."""
    stamp, wanted = VENV / ".lock", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("bench: installing Kapitan into .tools/bench-venv", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
    stamp.write_text(wanted)


class Kapitan:
    """A Kapitan repository of the same environments beside the scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.folder = scene.root / "kapitan"
        targets = self.folder / "inventory" / "targets"
        targets.mkdir(parents=True)
        (self.folder / "inventory" / "classes").mkdir()
        shutil.copytree(TEMPLATES, self.folder / "templates")
        names = sorted(path.name for path in (TEMPLATES / "apps" / "[service]").iterdir())
        imports = "\n".join(f"  {_stem(name)}: import 'templates/apps/[service]/{name}'," for name in names)
        (self.folder / "main.jsonnet").write_text(_MAIN.format(imports=imports), encoding="utf-8")
        with ThreadPoolExecutor(2) as pool:
            for name, context in zip(scene.names, pool.map(self._read_context, scene.names), strict=True):
                parameters = {"kapitan": {"vars": {"target": name}, "compile": _COMPILE}, "env": context}
                (targets / f"{name}.yml").write_text(emit_yaml([{"parameters": parameters}], ""), encoding="utf-8")

    def compile(self, *options: str) -> Command:
        """`kapitan compile`; without options as it comes."""
        arguments = (str(VENV / "bin" / "kapitan"), "compile", "--search-paths", ".", *options)
        return Command(arguments, self.folder, self._scene.environment())

    def clear(self) -> None:
        """No output."""
        shutil.rmtree(self.folder / "compiled", ignore_errors=True)

    def compare(self) -> None:
        """Raises RuntimeError unless both trees hold the same files with the same values."""
        for name in self._scene.names:
            ours, theirs = _read(self._scene.output / name), _read(self.folder / "compiled" / name)
            if ours != theirs or len(ours) != FILES:
                different = sorted(path for path in {*ours, *theirs} if ours.get(path) != theirs.get(path))
                message = f"{name}: hftgen made {len(ours)} files, Kapitan {len(theirs)}; different: {different[:5]}"
                raise RuntimeError(message)

    def _read_context(self, name: str) -> Any:
        command = self._scene.show_context(name)
        done = subprocess.run(command.arguments, cwd=command.folder, env=command.environment, stdout=-1, check=True)
        return json.loads(done.stdout)


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _read(folder: Path) -> dict[str, list[Any]]:
    return {
        str(path.relative_to(folder)): list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))
        for path in folder.rglob("*.yaml")
    }
