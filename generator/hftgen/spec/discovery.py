"""Which files of the specs folder are environments: those that themselves have `environment` at the top."""

from collections.abc import Iterator
from pathlib import Path

from hftgen.errors import InputError, MachineError, Problem
from hftgen.spec.nearest import list_names, suggest
from hftgen.spec.node import Node
from hftgen.spec.repository import RefusedFileError, find_repository, name_inside
from hftgen.spec.source import top_value
from hftgen.spec.sources import Sources
from hftgen.spec.visible import describe_value, visible

SUFFIX = ".yaml"


def discover(specs: Path, sources: Sources | None = None) -> dict[str, Path]:
    """The environments of the specs folder, name to file, sorted by name.

    Raises InputError with the problems of all files: unreadable, or named otherwise than the environment.
    """
    environments, problems = survey(specs, sources or Sources())
    if problems:
        raise InputError(problems)
    return environments


def survey(specs: Path, sources: Sources) -> tuple[dict[str, Path], list[Problem]]:
    """The environments that can be told, and the problems of the other files."""
    environments: dict[str, Path] = {}
    problems: list[Problem] = []
    for file in _list_files(specs):
        try:
            if is_environment(specs, file.name, sources):
                environments[file.stem] = file
        except InputError as error:
            problems.extend(error.problems)
    return environments, problems


def is_environment(specs: Path, file: str, sources: Sources) -> bool:
    """Whether a file of the specs folder is an environment; raises InputError if unclear or misnamed."""
    root = find_repository(specs)
    name = name_inside(root, specs / file)
    try:
        node = top_value(sources.read(root, name), name, "environment")
    except RefusedFileError as error:
        raise InputError(
            [Problem(visible(name, len(name)), 0, 0, "", error.message, "", error.expected, error.hint)]
        ) from None
    if node is None or node.is_null():
        return False
    if node.value != Path(file).stem or not file.endswith(SUFFIX):
        raise InputError([_misnamed(node, name, file)])
    return True


def unknown_environment(specs: Path, name: str, sources: Sources) -> InputError:
    """The error of a name that no spec has."""
    root = find_repository(specs)
    known, _ = survey(specs, sources)
    message = "there is no such environment"
    folder = name_inside(root, specs)
    hint = suggest(name, known) or f"an environment is a file {folder}/NAME{SUFFIX} with `environment: NAME`"
    return InputError([Problem(folder, 0, 0, "", message, visible(name), f"one of {list_names(known, 50)}", hint)])


def _misnamed(node: Node, name: str, file: str) -> Problem:
    stem = Path(file).stem
    if isinstance(node.value, str) and node.value == stem:
        message, hint = f"an environment's file ends in {SUFFIX}", f"rename the file to {stem}{SUFFIX}"
    else:
        message = "the file's name and its environment differ"
        hint = f"write `environment: {visible(stem)}`, or rename the file"
    return Problem(
        visible(name, len(name)), node.line, node.column, "environment", message, describe_value(node),
        visible(stem) + SUFFIX, hint,
    )  # fmt: skip


def _list_files(specs: Path) -> Iterator[Path]:
    """The files that may be specs. `.yml` is looked at so that an environment in it is said, not overlooked."""
    try:
        names = sorted(file.name for file in specs.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            [Problem(str(specs), 0, 0, "", "there is no such folder of specs", "", "", "name it with --specs")]
        ) from None
    except OSError as error:
        raise MachineError("list", str(specs), error.strerror or str(error)) from None
    for name in names:
        if name.endswith((SUFFIX, ".yml")) and not name.startswith("."):
            yield specs / name
