"""Builds the outside tools into .tools/: `python -m tests.tools.build GROUP...`. What is there costs nothing."""

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

from tests.tools import pins, schemas
from tests.tools.process import Done, run
from tests.tools.toolchain import ToolError, environment, find_go

_STAMPS = pins.HOME / "stamps"
_ATTEMPTS = 3  # a registry that does not answer once often does so the next time


class Step(NamedTuple):
    """One thing to make: `make` is given the `go` command and makes `target`, or raises ToolError."""

    title: str
    stamp: str
    target: Path
    make: Callable[[Path], None]

    def is_done(self) -> bool:
        """Whether the very thing that the pins name is there already."""
        file = _STAMPS / self.target.name
        return self.target.exists() and file.exists() and file.read_text(encoding="utf-8") == self.stamp

    def record(self) -> None:
        """Remember that it is done."""
        _STAMPS.mkdir(parents=True, exist_ok=True)
        (_STAMPS / self.target.name).write_text(self.stamp, encoding="utf-8")


def main(groups: Sequence[str]) -> int:
    """Build what the groups name. Exit code 1 if anything could not be built; all else is built all the same."""
    tools = tuple(tool for tool in pins.go_tools() if tool.group in groups)
    steps = [step for step in _plan(tools, groups) if not step.is_done()]
    if not steps:
        return 0
    try:
        go = find_go(pins.needed_go(tools))
    except ToolError as error:
        print(f"tools: {error}", file=sys.stderr)
        return 1
    print(f"tools: building {', '.join(step.title for step in steps)}; once, some minutes", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(functools.partial(_carry_out, go), steps))
    return 0 if all(done) else 1


def _plan(tools: Sequence[pins.GoTool], groups: Sequence[str]) -> list[Step]:
    wanted = pins.schemas()
    steps = [
        Step(f"{tool.name} {tool.version}", tool.stamp(), pins.BIN / tool.name, functools.partial(_build, tool))
        for tool in tools
    ]
    if wanted.group in groups:
        stamp = wanted.stamp(Path(schemas.__file__))
        steps.append(Step("schemas", stamp, pins.SCHEMAS, functools.partial(_make_schemas, wanted)))
    return steps


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
        flags = f"-s -w -X {tool.variable}={tool.version}"
        _insist([go, "build", "-mod=readonly", "-ldflags", flags, "-o", made, tool.package], cwd=tool.folder)
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
        if pins.SCHEMAS.exists():
            shutil.rmtree(pins.SCHEMAS)
        made.rename(pins.SCHEMAS)


def _read_crds(source: pins.CrdSource, go: Path) -> str:
    """The text of all files of a source, from the module's zip, which must have the pinned hash."""
    answer = json.loads(_insist([go, "mod", "download", "-json", f"{source.module}@{source.version}"]).out)
    if answer["Sum"] != source.sum:
        message = f"{source.module}@{source.version} has the hash {answer['Sum']}, crds.tsv says {source.sum}"
        raise ToolError(message)
    files = [file for pattern in source.files for file in sorted(Path(answer["Dir"]).glob(pattern))]
    return "\n---\n".join(file.read_text(encoding="utf-8") for file in files)


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
