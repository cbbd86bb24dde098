"""The template tree and its plan: which template makes which outputs. Found by walking the tree, never registered."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from hftgen.errors import InputError, Problem
from hftgen.render import outputpath
from hftgen.render.origin import SourceFile, read_origins
from hftgen.render.source_text import check_text

Kind = Literal["yaml", "json", "text", "jinja", "copy"]

GUARD = "_when.jsonnet"
REPOSITORY = "repository"
ARGUMENTS = ("cluster", "pool", "addon", "target", "preset", "service")
BRACKETS = ("cluster", "pool", "addon", "service", "project")
REPOSITORY_BRACKETS = ("target", "preset", "service", "project")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


class Template(NamedTuple):
    """A template that makes outputs.

    `source` is its file below templates/; `path` the output path with its brackets, relative to rendered/<env>/, or to
    rendered/repository/ where `once` is true; `brackets` are the names in it, in the order of ARGUMENTS. `guards` are
    the folders above it that have a `_when.jsonnet`, outermost first. `label` and `origin` as in origin.SourceFile.
    """

    path: str
    source: str
    label: str
    origin: int
    kind: Kind
    brackets: tuple[str, ...]
    guards: tuple["Guard", ...]
    once: bool


class Guard(NamedTuple):
    """A `_when.jsonnet`: its file below templates/, its label, and the brackets that its folder's path names."""

    source: str
    label: str
    brackets: tuple[str, ...]


class TemplateSet(NamedTuple):
    """All files of all origins by path (what imports see), and the templates among them, sorted by output path."""

    files: dict[str, SourceFile]
    templates: tuple[Template, ...]


def discover(origins: Sequence[Path], base: Path | None = None) -> TemplateSet:
    """Read the origins (a repository's templates first, then the packaged ones) and plan them.

    Raises InputError with everything that is wrong in the tree, MachineError for what cannot be read.
    """
    return plan(read_origins(origins, base))


def plan(files: dict[str, SourceFile]) -> TemplateSet:
    """The plan of a tree. Raises InputError naming each template that cannot be one and all that claim one path."""
    problems: list[Problem] = []
    guards = _find_guards(files, problems)
    templates = []
    for file in files.values():
        problems += check_text(file)
        template = _read_name(file, guards)
        if template:
            reason = _refuse_brackets(template.path, once=template.once) or outputpath.refuse(template.path)
            problems += [_problem(file.label, reason)] if reason else []
            templates.append(template)
    kept: list[Template] = []
    for once in (False, True):
        settled, conflicts = outputpath.settle(template for template in templates if template.once is once)
        kept += settled
        problems += conflicts
    if problems:
        raise InputError(problems)
    return TemplateSet(files, tuple(kept))


def _find_guards(files: dict[str, SourceFile], problems: list[Problem]) -> dict[str, Guard]:
    """Folder → its guard; the root's folder is the empty text."""
    guards = {}
    for path, file in files.items():
        folder, _, name = path.rpartition("/")
        if name == GUARD and not _is_in_library(path):
            reason = _refuse_brackets(folder, once=_is_once(path))
            problems += [_problem(file.label, reason)] if reason else []
            guards[folder] = Guard(path, file.label, _brackets(folder))
    return guards


def _read_name(file: SourceFile, guards: dict[str, Guard]) -> Template | None:
    """What a file makes, from its name alone; None for libraries and guards."""
    if _is_library(file.path):
        return None
    kind, path = _classify(file.path)
    once = _is_once(file.path)
    path = path.removeprefix(f"{REPOSITORY}/") if once else path
    return Template(
        path, file.path, file.label, file.origin, kind, _brackets(path), _guards_above(file.path, guards), once
    )


def _is_library(path: str) -> bool:
    return path.endswith((".libsonnet", f"/{GUARD}")) or path == GUARD or _is_in_library(path)


def _is_in_library(path: str) -> bool:
    return any(folder.startswith("_") for folder in path.split("/")[:-1])


def _is_once(path: str) -> bool:
    return path.startswith(f"{REPOSITORY}/")


def _classify(path: str) -> tuple[Kind, str]:
    """The kind of a template and the path it makes."""
    stem, dot, ending = path.rpartition(".")
    if not dot or ending not in {"raw", "j2", "jsonnet"}:
        return "copy", path
    if ending == "raw":
        return "copy", stem
    if ending == "j2":
        return "jinja", stem
    if stem.endswith((".yaml", ".yml")):
        return "yaml", stem
    return ("json" if stem.endswith(".json") else "text"), stem


def _guards_above(path: str, guards: dict[str, Guard]) -> tuple[Guard, ...]:
    """The guards of the folders above a file. The root's is about one environment, so not about repository/."""
    parts = path.split("/")[:-1]
    folders = ["/".join(parts[:length]) for length in range(1 if _is_once(path) else 0, len(parts) + 1)]
    return tuple(guards[folder] for folder in folders if folder in guards)


def _brackets(path: str) -> tuple[str, ...]:
    found = set(_BRACKET.findall(path))
    return tuple(name for name in (*ARGUMENTS, "project") if name in found)


def _refuse_brackets(path: str, *, once: bool) -> str:
    """What is wrong with the brackets of a path, or nothing."""
    allowed = REPOSITORY_BRACKETS if once else BRACKETS
    found = _BRACKET.findall(path)
    known = ", ".join(f"[{name}]" for name in allowed)
    unknown = [name for name in found if name not in allowed]
    if unknown:
        return f"names [{unknown[0]}], which is nothing{' below repository/' if once else ''}; there are {known}"
    if "[" in (rest := _BRACKET.sub("", path)) or "]" in rest:
        return f"has a bracket without its other half; there are {known}"
    for name in ("pool", "addon"):
        if name in found and "cluster" not in found:
            return f"names [{name}] without [cluster], but {name}s are a cluster's"
    return ""


def _problem(file: str, message: str) -> Problem:
    return Problem(file, 0, 0, "", message)
