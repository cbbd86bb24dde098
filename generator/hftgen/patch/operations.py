"""JSON patches: RFC 6902."""

import copy
from typing import Any

from hftgen.patch.error import PatchError
from hftgen.patch.merging import check_keys, is_same
from hftgen.patch.tree import ABSENT, drop, find, put, take_values

Operation = dict[str, Any]
Trail = tuple[str | int, ...]


def operate(tree: dict[str, Any], operations: list[Operation], note: str) -> None:
    """Carry out all operations in their order, in place. Raises PatchError for the first that cannot be."""
    for index, operation in enumerate(operations):
        _operate(tree, operation, ("json", index), note)


def _operate(tree: dict[str, Any], operation: Operation, trail: Trail, note: str) -> None:
    name, path = operation["op"], (operation["path"], (*trail, "path"))
    if "value" in operation:
        check_keys(operation["value"], (*trail, "value"))
    if name == "add":
        _add(tree, path, copy.deepcopy(operation["value"]), note)
    elif name == "remove":
        _remove(tree, path)
    elif name == "replace":
        _replace(tree, path, copy.deepcopy(operation["value"]), note)
    elif name == "test":
        _test(tree, path, operation["value"], trail)
    else:
        _carry(tree, path, (operation["from"], (*trail, "from")), note, move=name == "move")


Place = tuple[str, Trail]
"""A JSON pointer, and where the patch says it."""


def _carry(tree: dict[str, Any], path: Place, source: Place, note: str, *, move: bool) -> None:
    """move and copy."""
    if move and path[0].startswith(f"{source[0]}/"):
        raise PatchError(path[1], f"{path[0]} lies within {source[0]}, which is moved")
    value = take_values(_read(tree, source), comments=False)
    if move:
        _remove(tree, source)
    _add(tree, path, value, note)


def _test(tree: dict[str, Any], path: Place, value: Any, trail: Trail) -> None:
    found = take_values(_read(tree, path), comments=False)
    if not is_same(found, value):
        raise PatchError((*trail, "value"), f"the test of {path[0]} fails: there is {_show(found)}")


def _add(tree: dict[str, Any], path: Place, value: Any, note: str) -> None:
    container, key = _reach(tree, path)
    if isinstance(container, list):
        index = len(container) if key == "-" else _read_index(container, key, path, beyond=1)
        container.insert(index, _noted(value, note))
    else:
        _refuse_key(key, path)
        put(container, key, value, note)


def _replace(tree: dict[str, Any], path: Place, value: Any, note: str) -> None:
    container, key = _reach(tree, path)
    if isinstance(container, list):
        container[_read_index(container, key, path)] = _noted(value, note)
    elif find(container, key) is ABSENT:
        raise _missing(path, key, container)
    else:
        put(container, key, value, note)


def _remove(tree: dict[str, Any], path: Place) -> None:
    container, key = _reach(tree, path)
    if isinstance(container, list):
        del container[_read_index(container, key, path)]
    elif find(container, key) is ABSENT:
        raise _missing(path, key, container)
    else:
        drop(container, key)


def _read(tree: dict[str, Any], path: Place) -> Any:
    if not path[0]:
        return tree
    container, key = _reach(tree, path)
    return _step(container, key, path)


def _reach(tree: dict[str, Any], path: Place) -> tuple[Any, str]:
    """The mapping or list that holds what a pointer names, and the last part of the pointer."""
    if not path[0]:
        raise PatchError(path[1], "names the whole object", expected="a path into it", hint="use `merge`")
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path[0].split("/")[1:]]
    container: Any = tree
    for part in parents:
        container = _step(container, part, path)
    if not isinstance(container, dict | list):
        raise _missing(path, last, container)
    return container, last


def _step(container: Any, part: str, path: Place) -> Any:
    if isinstance(container, list):
        return find(container, _read_index(container, part, path))
    child = find(container, part) if isinstance(container, dict) else ABSENT
    if child is ABSENT:
        raise _missing(path, part, container)
    return child


def _read_index(values: list[Any], part: str, path: Place, beyond: int = 0) -> int:
    """The index that a part of a pointer says: no sign, no leading zeros, inside the list."""
    known = part.isascii() and part.isdigit() and (part == "0" or not part.startswith("0")) and len(part) < 9
    if not known or int(part) >= len(values) + beyond:
        last = len(values) - 1 + beyond
        expected = f"0 to {last}" + (", or -" if beyond else "") if last >= 0 else "nothing: the list is empty"
        raise PatchError(path[1], f"{part} in {path[0]} is no index of this list", expected=expected)
    return int(part)


def _missing(path: Place, part: str, container: Any) -> PatchError:
    names = sorted(key for key in container if not key.startswith("#")) if isinstance(container, dict) else []
    expected = f"one of {', '.join(names)}" if names else ""
    return PatchError(path[1], f"there is no {part} in {path[0]}", expected=expected)


def _noted(value: Any, note: str) -> Any:
    return {"#": note, **value} if isinstance(value, dict) else value


def _refuse_key(key: str, path: Place) -> None:
    check_keys({key: None}, path[1])


def _show(value: Any) -> str:
    return "nothing" if value is ABSENT else repr(value) if not isinstance(value, bool) else str(value).lower()
