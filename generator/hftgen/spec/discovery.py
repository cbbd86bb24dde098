"""Which files of the specs folder are environments: those that themselves have `environment` at the top."""

from collections.abc import Iterator
from pathlib import Path

from hftgen.errors import InputError, MachineError, Problem
from hftgen.spec.nearest import suggest
from hftgen.spec.node import Node
from hftgen.spec.repository import RefusedFileError, find_repository, name_inside
from hftgen.spec.source import top_value
from hftgen.spec.sources import Sources
from hftgen.spec.visible import describe_value, one_of, visible

SUFFIX = ".yaml"


def discover(specs: Path, sources: Sources | None = None) -> dict[str, Path]:
    """The environments of the specs folder, name to file, sorted by name.

    A file that cannot be told, because it is unreadable or misnamed, is among them: loading it says what is wrong, so
    that the problems of all files are reported together. Raises InputError where there is no environment at all.
    """
    sources = sources or Sources()
    environments = {file.stem: file for file in _list_files(specs) if _may_be_environment(specs, file.name, sources)}
    if not environments:
        message = "no spec of this folder is an environment"
        raise InputError([Problem(str(specs), 0, 0, "", message, "", f"a file NAME{SUFFIX} with `environment: NAME`")])
    return environments


def find_environment(specs: Path, name: str, sources: Sources) -> Path:
    """The file of an environment; raises InputError where there is none of that name, or it is misnamed."""
    for suffix in (SUFFIX, ".yml"):
        file = name + suffix
        if file in {each.name for each in _list_files(specs)} and is_environment(specs, file, sources):
            return specs / file
    raise InputError([_unknown(specs, name, sources)])


def is_environment(specs: Path, file: str, sources: Sources) -> bool:
    """Whether a file of the specs folder is an environment; raises InputError if unclear or misnamed."""
    root = find_repository(specs)
    name = name_inside(root, specs / file)
    shown = visible(name, len(name))
    if shown != name:
        raise InputError([Problem(shown, 0, 0, "", "not a spec's name", "", "printable text")])
    try:
        node = _read_environment(root, name, sources)
    except RefusedFileError as error:
        raise InputError([Problem(name, 0, 0, "", error.message, error.found, error.expected, error.hint)]) from None
    if node is None or node.is_null():
        return False
    if node.value != Path(file).stem or not file.endswith(SUFFIX):
        raise InputError([_misnamed(node, name, file)])
    return True


def _read_environment(root: Path, name: str, sources: Sources) -> Node | None:
    """The top-level `environment` of a spec; an alias costs reading it whole."""
    node = top_value(sources.read(root, name), name, "environment")
    if node is None or isinstance(node.value, str):
        return node
    fields = sources.parse(root, name).value
    return fields.get("environment") if isinstance(fields, dict) else None


def _may_be_environment(specs: Path, file: str, sources: Sources) -> bool:
    try:
        return is_environment(specs, file, sources)
    except InputError:
        return True


def _unknown(specs: Path, name: str, sources: Sources) -> Problem:
    root = find_repository(specs)
    known = discover(specs, sources)
    folder = name_inside(root, specs)
    if name + SUFFIX in {each.name for each in _list_files(specs)}:
        hint = f"{folder}/{name}{SUFFIX} has no `environment` of its own, so it is only there to be extended"
    else:
        hint = suggest(name, known) or f"an environment is a file {folder}/NAME{SUFFIX} with `environment: NAME`"
    return Problem(folder, 0, 0, "", "there is no such environment", visible(name), one_of(known), hint)


def _misnamed(node: Node, name: str, file: str) -> Problem:
    stem = Path(file).stem
    found = describe_value(node) if isinstance(node.value, str) else "no text"
    if isinstance(node.value, str) and node.value == stem:
        message, hint = f"an environment's file ends in {SUFFIX}", f"rename the file to {stem}{SUFFIX}"
    else:
        message = "the file's name and its environment differ"
        hint = f"write `environment: {visible(stem)}`, or rename the file"
    return Problem(
        name, node.line, node.column, "environment", message, found,
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
