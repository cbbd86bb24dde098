"""Merge patches: RFC 7386, with lists of Kubernetes objects merged by their keys."""

from typing import Any, NamedTuple

from hftgen.patch.error import PatchError
from hftgen.patch.lists import Keys, find_keys, identify
from hftgen.patch.tree import ABSENT, drop, find, put, take_values

Trail = tuple[str | int, ...]

DIRECTIVES = ("$patch", "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/")


class Merge(NamedTuple):
    """One merge into an object of a kind; `note` is the comment above what it sets."""

    kind: str
    note: str

    def into(self, target: dict[str, Any], patch: dict[str, Any], trail: Trail = ("merge",)) -> None:
        """Change the tree `target` in place. Raises PatchError for an item of a list that says no key."""
        for key, value in patch.items():
            _refuse_key(key, (*trail, key))
            if value is None:
                drop(target, key)
            elif isinstance(value, dict):
                self._merge_mapping(target, key, value, (*trail, key))
            elif isinstance(value, list):
                self._merge_list(target, key, value, (*trail, key))
            else:
                self._put(target, key, value)

    def _merge_mapping(self, target: dict[str, Any], key: str, value: dict[str, Any], trail: Trail) -> None:
        child = find(target, key)
        if isinstance(child, dict):
            self.into(child, value, trail)
            return
        made: dict[str, Any] = {}
        self.into(made, value, trail)
        put(target, key, _drop_comments(made), self.note)

    def _merge_list(self, target: dict[str, Any], key: str, values: list[Any], trail: Trail) -> None:
        check_keys(values, trail)
        keys = find_keys(self.kind, [str(name) for name in trail[1:] if isinstance(name, str)])
        items = find(target, key) if keys else ABSENT
        if keys and isinstance(items, list) and all(isinstance(item, dict) for item in items):
            for index, value in enumerate(values):
                self._merge_item(items, keys, value, (*trail, index))
        else:
            self._put(target, key, values)

    def _merge_item(self, items: list[Any], keys: Keys, value: Any, trail: Trail) -> None:
        wanted = identify(value, keys) if isinstance(value, dict) else None
        if wanted is None:
            names = " and ".join(key for key in keys if key != "protocol")
            raise PatchError(trail, f"says no {names}, by which this list merges", hint="or patch it with `json`")
        for item in items:
            if identify(take_values(item), keys) == wanted:
                self.into(item, value, trail)
                return
        made: dict[str, Any] = {}
        self.into(made, value, trail)
        items.append({"#": self.note, **_drop_comments(made)})

    def _put(self, target: dict[str, Any], key: str, value: Any) -> None:
        """A value that is there already keeps its comment, and its expression."""
        if not is_same(take_values(target.get(key, ABSENT), comments=False), value):
            put(target, key, value, self.note)


def is_same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; Python takes true for 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def check_keys(value: Any, trail: Trail) -> None:
    """Refuse keys below a value that are no fields; raises PatchError."""
    if isinstance(value, dict):
        for key, child in value.items():
            _refuse_key(key, (*trail, key))
            check_keys(child, (*trail, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            check_keys(child, (*trail, index))


def _refuse_key(key: str, trail: Trail) -> None:
    if key.startswith(DIRECTIVES):
        hint = "null removes a field; `json` with op: remove removes an item of a list"
        raise PatchError(trail, "is a directive of kubectl's patches, which are not merge patches", hint=hint)
    if key.startswith("#") or "{{" in key:
        raise PatchError(trail, "is no field of a Kubernetes object")


def _drop_comments(value: Any) -> Any:
    """What is new as a whole carries one comment, above it."""
    return take_values(value, comments=False)
