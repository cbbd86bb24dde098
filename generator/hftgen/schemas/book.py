"""All schemas of one environment's Kubernetes, and what they say of an object."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hftgen.errors import format_path
from hftgen.schemas.core import POD_TEMPLATE, CoreSchemas, Identity
from hftgen.schemas.strict import Schema

MOST = 20
"""How many faults of one object are said."""

LONGEST = 160

# The definition of a Rollout says less of its pods than Kubernetes does: it takes a memory of `8GB`.
TEMPLATES = {("argoproj.io", "Rollout"): ("spec", "template")}


class Fault(NamedTuple):
    """What is wrong with an object: the field, and how."""

    field: str
    message: str


class SchemaBook:
    """Kubernetes' own kinds, and custom resources by their identity. Compiles each schema when it is needed."""

    def __init__(self, core: CoreSchemas, custom: Mapping[Identity, Schema]) -> None:
        self._core, self._custom = core, custom
        self._validators: dict[Identity | str, Any] = {}

    @property
    def kubernetes(self) -> str:
        """The version whose schemas these are."""
        return self._core.kubernetes

    def find(self, identity: Identity) -> Schema | None:
        """The schema of a kind, complete in itself; None where nobody gave one."""
        custom = self._custom.get(identity)
        return self._core.find(identity) if custom is None else self._core.complete(custom)

    def judge(self, item: Mapping[str, Any]) -> list[Fault] | None:
        """What is wrong with an object, at most MOST; None where there is no schema of its kind."""
        identity = identify(item)
        validator = self._start(identity, self.find)
        faults = [] if validator is None else list(_list_faults(validator, item, ()))
        place = TEMPLATES.get((identity[0], identity[2]))
        template = _reach(item, place) if place else None
        if place and template is not None:
            pods = self._start(POD_TEMPLATE, self._core.describe)
            faults += [fault for fault in _list_faults(pods, template, place) if fault not in faults]
        return None if validator is None and not faults else faults[:MOST]

    def _start(self, key: Any, describe: Any) -> Any:
        if key not in self._validators:
            import jsonschema_rs

            schema = describe(key)
            made = None if schema is None else jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
            self._validators[key] = made
        return self._validators[key]


def identify(item: Mapping[str, Any]) -> Identity:
    """Group, version and kind of an object."""
    group, _, version = str(item.get("apiVersion", "")).rpartition("/")
    return group, version, str(item.get("kind", ""))


def _list_faults(validator: Any, value: Any, place: tuple[str | int, ...]) -> Iterator[Fault]:
    if validator.is_valid(value):
        return
    for number, error in enumerate(validator.iter_errors(value)):
        if number >= MOST:
            return
        yield from _describe(error, place)


def _describe(error: Any, place: tuple[str | int, ...]) -> Iterator[Fault]:
    field = (*place, *error.instance_path)
    details = error.kind.as_dict()
    if "unexpected" in details:
        for name in details["unexpected"]:
            yield Fault(format_path((*field, name)), "is no field that Kubernetes knows there, and would be dropped")
    elif "property" in details:
        yield Fault(format_path((*field, details["property"])), "is missing")
    else:
        yield Fault(format_path(field), f"{_show(error.instance)} {_expect(details)}")


def _expect(details: Mapping[str, Any]) -> str:
    if "types" in details:
        wanted = [name for name in details["types"] if name != "null"]
        return f"is no {' or '.join(wanted)}"
    if "options" in details:
        return f"is none of {', '.join(str(option) for option in details['options'])}"
    if "pattern" in details:
        return f"does not match {details['pattern']}"
    if "context" in details:
        inner = {_expect(error.kind.as_dict()) for errors in details["context"] for error in errors}
        return ", and ".join(sorted(inner))
    limits = ", ".join(f"{name} {value}" for name, value in sorted(details.items()))
    return f"is not allowed ({limits})" if limits else "is not allowed"


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _reach(item: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        item = item.get(name) if isinstance(item, dict) else None
    return item
