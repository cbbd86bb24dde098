"""Builds the outside tools into .tools/: `python -m tests.tools.build GROUP...`. What is there costs nothing.

Programs of one go.mod share most of their packages, so they are built one after another; modules side by side.
"""

import concurrent.futures
import contextlib
import functools
import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hftgen.schemas import strict
from tests.tools import archives, packages, pins, provider_schemas, provider_source, providers, schemas
from tests.tools.process import Done, run
from tests.tools.toolchain import ToolError, environment, find_go

_ATTEMPTS = 3  # a registry that does not answer once often does so the next time


class Step(NamedTuple):
    """One thing to make: `make` is given the `go` command and makes `target`, or raises ToolError."""

    title: str
    stamp: str
    target: Path
    make: Callable[[Path], None]

    def is_done(self) -> bool:
        """Whether the very thing that the pins name is there already."""
        file = pins.STAMPS / self.target.name
        return self.target.exists() and file.exists() and file.read_text(encoding="utf-8") == self.stamp

    def record(self) -> None:
        """Remember that it is done."""
        pins.STAMPS.mkdir(parents=True, exist_ok=True)
        (pins.STAMPS / self.target.name).write_text(self.stamp, encoding="utf-8")


def main(groups: Sequence[str]) -> int:
    """Build what the groups name. Exit code 1 if anything could not be built; all else is built all the same."""
    tools = tuple(tool for tool in pins.go_tools() if tool.group in groups)
    chains = [[step for step in chain if not step.is_done()] for chain in _plan(tools, groups)]
    chains = [chain for chain in chains if chain]
    if not chains:
        return 0
    try:
        go = find_go(pins.needed_go(tools))
    except ToolError as error:
        print(f"tools: {error}", file=sys.stderr)
        return 1
    titles = ", ".join(step.title for chain in chains for step in chain)
    print(f"tools: building {titles}; once, some minutes", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(lambda chain: [_carry_out(go, step) for step in chain], chains))
    return 0 if all(map(all, done)) else 1


def _plan(tools: Sequence[pins.GoTool], groups: Sequence[str]) -> list[list[Step]]:
    """The steps that follow one another, for each go.mod and for each folder of other files."""
    chains = [
        [
            Step(f"{tool.name} {tool.version}", tool.stamp(), pins.BIN / tool.name, functools.partial(_build, tool))
            for tool in module
        ]
        for _, module in itertools.groupby(tools, lambda tool: tool.folder)
    ]
    for files in pins.module_files():
        if files.group in groups:
            copy = functools.partial(_copy_files, files)
            chains.append([Step(files.name, files.stamp(), pins.HOME / files.name, copy)])
    if (wheels := pins.providers()).group in groups:
        stamp = wheels.stamp(*(Path(str(module.__file__)) for module in (providers, provider_schemas, provider_source)))
        chains.append([Step("providers", stamp, pins.PROVIDERS, functools.partial(_mirror_providers, wheels))])
    known, custom, python = pins.schemas(), pins.crds(), pins.python()
    if python.group in groups:
        install = functools.partial(_install_packages, python)
        packages_first = Step("packages", python.stamp(), pins.PYTHON, install)
        node = Step("node", archives.stamp_node(), archives.NODE, lambda _: archives.install_node(archives.NODE))
        jars = Step("jars", archives.stamp_jars(), archives.JARS, lambda _: archives.install_jars(archives.JARS))
        chains.append([packages_first, node, jars])
    if known.group in groups:
        stamp = known.stamp(Path(schemas.__file__), Path(strict.__file__))
        chains.append([Step("schemas", stamp, pins.SCHEMAS, functools.partial(_make_schemas, known))])
    if custom.group in groups:
        chains.append([Step("crds", custom.stamp(), pins.CRDS, functools.partial(_gather_crds, custom))])
    return chains


def _carry_out(go: Path, step: Step) -> bool:
    start = time.monotonic()
    try:
        step.make(go)
    except ToolError as error:
        print(f"tools: {step.title} FAILED\n{error}", file=sys.stderr, flush=True)
        return False
    step.record()
    print(f"tools: {step.title}, {time.monotonic() - start:.0f} s", flush=True)
    return True


def _build(tool: pins.GoTool, go: Path) -> None:
    with _scratch() as folder:
        made = folder / tool.name
        _insist([go, "build", "-mod=readonly", "-ldflags", tool.flags(), "-o", made, tool.package], cwd=tool.folder)
        pins.BIN.mkdir(parents=True, exist_ok=True)
        made.replace(pins.BIN / tool.name)


def _make_schemas(wanted: pins.SchemaPins, go: Path) -> None:
    with _scratch() as folder:
        made = folder / "schemas"
        definitions: Any = None
        for version in wanted.kubernetes:
            core = schemas.core_schemas(version)
            first = next(core)
            definitions = first[1]
            schemas.write(made, itertools.chain([first], core))
        schemas.write(made, [schemas.object_metadata(definitions)])
        for source in wanted.crds:
            if not schemas.write(made, schemas.crd_schemas(_read_crds(source, go))):
                message = (
                    f"{source.module}@{source.version} has no CustomResourceDefinition in {' '.join(source.files)}"
                )
                raise ToolError(message)
        _replace(pins.SCHEMAS, made)


def _gather_crds(wanted: pins.CrdPins, go: Path) -> None:
    with _scratch() as folder:
        made = folder / "crds"
        made.mkdir()
        for source in wanted.crds:
            (made / f"{source.name}.yaml").write_text(_read_crds(source, go), encoding="utf-8")
        _replace(pins.CRDS, made)


def _copy_files(wanted: pins.ModuleFiles, go: Path) -> None:
    answer = json.loads(_insist([go, "mod", "download", "-json", wanted.module], cwd=wanted.folder).out)
    with _scratch() as folder:
        made = folder / wanted.name
        made.mkdir()
        for file in (file for pattern in wanted.files for file in Path(answer["Dir"]).glob(pattern)):
            (made / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        _replace(pins.HOME / wanted.name, made)


def _install_packages(wanted: pins.PythonPins, _go: Path) -> None:
    packages.install(wanted, pins.PYTHON)


def _mirror_providers(wanted: pins.ProviderPins, go: Path) -> None:
    with _scratch() as folder:
        wheels = folder / "wheels"
        _insist([*packages.DOWNLOAD, "--dest", wheels, "-r", wanted.lock])
        platform = "_".join(_insist([go, "env", "GOOS", "GOARCH"]).out.split())
        made = folder / "providers"
        for wheel in sorted(wheels.iterdir()):
            providers.mirror(provider_schemas.convert(wheel), made, platform)
        _replace(pins.PROVIDERS, made)


def _replace(target: Path, made: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    made.rename(target)


def _read_crds(source: pins.CrdSource, go: Path) -> str:
    """The text of all files of a source, from the module's zip, which must have the pinned hash."""
    answer = json.loads(_insist([go, "mod", "download", "-json", f"{source.module}@{source.version}"]).out)
    if answer["Sum"] != source.sum:
        message = f"{source.module}@{source.version} has the hash {answer['Sum']}, crds.tsv says {source.sum}"
        raise ToolError(message)
    files = [file for pattern in source.files for file in sorted(Path(answer["Dir"]).glob(pattern))]
    wanted = [file for file in files if file.name != "kustomization.yaml"]
    return "\n---\n".join(file.read_text(encoding="utf-8") for file in wanted)


def _insist(command: Sequence[str | Path], cwd: Path = pins.HOME) -> Done:
    """Run a command until it succeeds, at most three times."""
    for attempt in range(_ATTEMPTS):
        time.sleep(attempt * 2)
        done = run(command, cwd=cwd, env=environment())
        if done.code == 0:
            return done
    message = f"{' '.join(map(str, command))}\n{done.both()}"
    raise ToolError(message)


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder inside .tools, gone afterwards: a step that was killed leaves no half a thing in the final place."""
    pins.HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=pins.HOME) as name:
        yield Path(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
