"""Which folders hftgen may write into: those with its marker, and empty or absent ones; and what it leaves alone."""

import os
import stat
from collections.abc import Iterable

from hftgen.errors import InputError, Problem
from hftgen.reading import Place
from hftgen.tree.disk import look, machine_error

MARKER = ".hftgen"
MARKER_TEXT = b"`hftgen render` replaces and removes the files of this folder: edit specs/ or templates/ instead.\n"
STAGING = ".hftgen-staging"
KEPT = (".terraform", "terraform.tfstate", "errored.tfstate")
"""How the names begin of what Terraform writes beside its root modules: providers, lock files, states and their copies.

A state says what exists in a cloud: no render may lose it, whatever becomes of the folder that it lies in.
"""


def check_target(
    output: Place, names: Iterable[str], *, sources: Iterable[Place] = (), root: Place | None = None
) -> None:
    """Refuse an output folder that a render of the environments `names` could damage.

    `sources` are the folders that are read (specs, templates, policies): none may lie where files are replaced.
    `root` is the repository: between it and the output no part may be a link.
    Raise InputError with every reason, MachineError when the machine does not let us look.
    """
    try:
        problems = [*_output_problems(output, root), *_source_problems(output, names, sources)]
        if not problems:
            problems = [problem for name in names for problem in _folder_problems(output, name)]
            problems += _staging_problems(output)
    except OSError as error:
        raise machine_error("look into the output folder", error, str(output)) from error
    if problems:
        raise InputError(problems)


def is_busy(output: Place) -> bool:
    """Whether a render is at work in `output`, or one was interrupted there."""
    return look(os.path.join(output, STAGING)) is not None


def list_strangers(output: Place, known: Iterable[str]) -> list[str]:
    """The marked folders of `output` that are none of `known`, sorted: environments that have no spec any more.

    Nothing known means a mistake in --specs, and no reason to remove everything. Raise MachineError.
    """
    known = set(known)
    try:
        names = set(os.listdir(output)) if known and look(os.fspath(output)) is not None else set()
        return sorted(name for name in names - {*known, STAGING} if is_marked(os.path.join(output, name)))
    except OSError as error:
        raise machine_error("read the output folder", error, str(output)) from error


def is_marked(folder: str) -> bool:
    """Whether `folder` is a real folder that carries the marker."""
    status = look(folder)
    if status is None or not stat.S_ISDIR(status.st_mode):
        return False
    marker = look(os.path.join(folder, MARKER))
    return marker is not None and stat.S_ISREG(marker.st_mode)


def is_empty(folder: str) -> bool:
    """Whether the folder holds nothing."""
    with os.scandir(folder) as entries:
        return next(iter(entries), None) is None


def is_vacant(folder: str) -> bool:
    """Whether the folder holds nothing, or only folders with what Terraform left in them."""
    with os.scandir(folder) as entries:
        return all(entry.name.startswith(KEPT) or _is_left(entry) for entry in entries)


def _is_left(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and not is_empty(entry.path) and is_vacant(entry.path)


def _refuse(path: Place, message: str, hint: str) -> Problem:
    return Problem(file=os.fspath(path), line=0, column=0, path="", message=message, hint=hint)


def _output_problems(output: Place, root: Place | None) -> list[Problem]:
    path = os.path.abspath(output)
    if ".git" in (*path.split(os.sep), *os.path.realpath(path).split(os.sep)):
        return [_refuse(output, "the output folder lies inside .git", "choose another --output")]
    for part in _parts_to_check(path, root):
        status = look(part)
        if status is not None and stat.S_ISLNK(status.st_mode):
            return [_refuse(part, "a link, which is never followed", "give the folder it leads to as --output")]
    for ancestor in _with_parents(path):
        if look(ancestor) is not None:
            if os.path.isdir(ancestor):
                return []
            return [_refuse(ancestor, "a file stands where the output folder should be", "choose another --output")]
    return []


def _parts_to_check(path: str, root: Place | None) -> list[str]:
    top = os.path.abspath(root) if root else ""
    return [path, *(part for part in _with_parents(path)[1:] if top and part.startswith(top + os.sep))]


def _with_parents(path: str) -> list[str]:
    parts = [path]
    while os.path.dirname(parts[-1]) != parts[-1]:
        parts.append(os.path.dirname(parts[-1]))
    return parts


def _source_problems(output: Place, names: Iterable[str], sources: Iterable[Place]) -> list[Problem]:
    target = os.path.realpath(output)
    owned = [os.path.join(target, name) for name in (*names, STAGING)]
    problems = []
    for source in sources:
        place = os.path.realpath(source)
        if _is_within(target, place):
            problems.append(_refuse(output, f"the output folder lies inside {source}", "choose another --output"))
        elif any(_is_within(place, folder) for folder in owned):
            problems.append(_refuse(source, "a render would replace this folder, which it reads", "move it elsewhere"))
    return problems


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _folder_problems(output: Place, name: str) -> list[Problem]:
    folder = os.path.join(output, name)
    status = look(folder)
    if status is None:
        return []
    if stat.S_ISLNK(status.st_mode):
        return [_refuse(folder, "a link, which is never followed", "remove the link, then render again")]
    if not stat.S_ISDIR(status.st_mode):
        return [_refuse(folder, f"a file stands where the folder of {name} should be", "move it elsewhere")]
    if is_marked(folder) or is_vacant(folder):
        return []
    hint = f"choose another --output; or, if hftgen wrote it, put an empty file {MARKER} into it"
    return [_refuse(folder, f"neither empty nor marked as written by hftgen (it has no file {MARKER})", hint)]


def _staging_problems(output: Place) -> list[Problem]:
    folder = os.path.join(output, STAGING)
    status = look(folder)
    if status is None or stat.S_ISDIR(status.st_mode):
        return []
    return [_refuse(folder, "hftgen keeps a folder of this name while it writes", "move it elsewhere")]
