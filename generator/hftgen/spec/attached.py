"""The files that services carry by `from`: read from beside the spec that names them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from hftgen.errors import Problem, format_path
from hftgen.spec.node import Node
from hftgen.spec.repository import RefusedFileError, resolve_name
from hftgen.spec.sources import MAX_ATTACHED, Sources
from hftgen.spec.visible import visible, visible_path

SpecPath = tuple[str | int, ...]
Service = tuple[SpecPath, Node]


class Attached(NamedTuple):
    """Contents by the path as written, the repository's names of the files read, and what is wrong."""

    contents: dict[str, str]
    names: set[str]
    problems: list[Problem]


def read_attached(root: Path, services: Iterable[Service], sources: Sources) -> Attached:
    """Reads every file that the services (path in the spec and long form) name; raises MachineError."""
    attached = Attached({}, set(), [])
    meant: dict[str, str] = {}
    for path, service in services:
        for inner, node in _named(service):
            written = str(node.value)
            try:
                name = resolve_name(node.file, written)
                attached.contents[written] = _text(sources.read(root, name, MAX_ATTACHED))
                if meant.setdefault(written, name) != name:
                    raise RefusedFileError("one name means two files", f"{name} and {meant[written]}", "", "rename one")
                attached.names.add(name)
            except RefusedFileError as error:
                attached.problems.append(_problem(node, (*path, *inner), error))
    return attached


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02X} at offset {error.start}"
        raise RefusedFileError("the file is not UTF-8 text", found, "UTF-8 text") from None


def _named(service: Node) -> Iterator[Service]:
    for path, container in _containers(service):
        for name, file in _mapping(container, "files").items():
            node = _mapping(file).get("from")
            if node is not None and isinstance(node.value, str):
                yield (*path, "files", name, "from"), node


def _containers(service: Node) -> Iterator[Service]:
    yield (), service
    for name, sidecar in _mapping(service, "sidecars").items():
        yield ("sidecars", name), sidecar
    init = service.value.get("init") if isinstance(service.value, dict) else None
    for index, container in enumerate(init.value if init is not None and isinstance(init.value, list) else []):
        yield ("init", index), container


def _mapping(node: Node, name: str = "") -> dict[str, Node]:
    value = node.value
    if not isinstance(value, dict):
        return {}
    return value if not name else _mapping(value[name]) if name in value else {}


def _problem(node: Node, path: SpecPath, error: RefusedFileError) -> Problem:
    found = error.found or visible(str(node.value))
    shown = format_path(visible_path(path))
    return Problem(node.file, node.line, node.column, shown, error.message, found, error.expected, error.hint)
