"""Mistakes for planting: each changes one line of a module's own HCL into one that Terraform must refuse.

Where they go is found by the shape that `fmt` gives: a block's own lines are indented by two spaces, those of a block
in it by four. What is required, and what is a block, says the provider's schema.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

_RESOURCE = re.compile(r'^resource "([^"]+)" "[^"]+" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r"^  (\w+) +=", re.MULTILINE)
_SHORT = re.compile(r"^  (\w+) +=(?!.*[\[({]$).*\n", re.MULTILINE)
_BLOCK = re.compile(r"^  (?:dynamic \"(\w+)\"|(\w+)) \{$", re.MULTILINE)
_INNER = re.compile(r"^  (\w+) \{\n    (\w+) +=(?!.*[\[({]$)(.*)\n", re.MULTILINE)
_PLAIN_BLOCK = re.compile(r"^  (\w+) (\{)\n(?: {4}\w+ +=(?!.*[\[({]$).*\n)+  \}$", re.MULTILINE)
_META = frozenset(("count", "for_each", "provider", "depends_on", "lifecycle"))


class Mistake(NamedTuple):
    """A changed text of a module's file, and the word that must be told."""

    title: str
    file: Path
    text: str
    word: str


class _Place(NamedTuple):
    """A resource in a file: what stands before its body, the body, what comes after, and its schema."""

    head: str
    body: str
    tail: str
    schema: dict[str, Any]

    def change(self, start: int, end: int, new: str) -> str:
        """The file's text with a part of the body replaced."""
        return self.head + self.body[:start] + new + self.body[end:] + self.tail


Planter = Callable[[_Place], Iterator[tuple[str, str]]]


def list_mistakes(folder: Path, resources: dict[str, Any]) -> Iterator[Mistake]:
    """One mistake of each sort that fits a module; `resources` are the schemas of its provider."""
    places = [(file, place) for file in sorted(folder.glob("*.tf")) for place in _list_places(file, resources)]
    for title, plant in _PLANTERS.items():
        planted = ((file, made) for file, place in places for made in plant(place))
        if (found := next(planted, None)) is not None:
            file, (text, word) = found
            yield Mistake(title, file, text, word)


def _list_places(file: Path, resources: dict[str, Any]) -> Iterator[_Place]:
    text = file.read_text(encoding="utf-8")
    for found in _RESOURCE.finditer(text):
        yield _Place(text[: found.start(2)], found[2], text[found.end(2) :], resources[found[1]]["block"])


def _misspell_type(place: _Place) -> Iterator[tuple[str, str]]:
    before, opening, rest = place.head.rpartition('resource "')
    name, quote, after = rest.partition('"')
    yield f"{before}{opening}{name}x{quote}{after}{place.body}{place.tail}", f"{name}x"


def _misspell_argument(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _ARGUMENT.finditer(place.body):
        if found[1] not in _META and not place.schema["attributes"].get(found[1], {}).get("required"):
            yield place.change(*found.span(1), f"{found[1]}x"), f"{found[1]}x"


def _leave_out_required(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _SHORT.finditer(place.body):
        if place.schema["attributes"].get(found[1], {}).get("required"):
            yield place.change(*found.span(), ""), found[1]


def _misspell_block(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _BLOCK.finditer(place.body):
        name = found[1] or found[2]
        if name in place.schema.get("block_types", {}):
            yield place.change(*found.span(1 if found[1] else 2), f"{name}x"), f"{name}x"


def _write_block_as_argument(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _PLAIN_BLOCK.finditer(place.body):
        if found[1] in place.schema.get("block_types", {}):
            yield place.change(*found.span(2), "= {"), found[1]


def _lift_inner_argument(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _INNER.finditer(place.body):
        known = {*place.schema["attributes"], *place.schema.get("block_types", {})}
        if found[1] in place.schema.get("block_types", {}) and found[2] not in known:
            yield place.change(0, 0, f"  {found[2]} ={found[3]}\n"), found[2]


def _lower_argument(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _INNER.finditer(place.body):
        inner = place.schema.get("block_types", {}).get(found[1], {}).get("block", {})
        name = next(iter(_ARGUMENT.findall(place.body)), None)
        if inner and name and name not in {*_META, *inner.get("attributes", {}), *inner.get("block_types", {})}:
            yield place.change(found.start(2), found.start(2), f'{name} = "x"\n    '), name


def _set_what_is_decided(place: _Place) -> Iterator[tuple[str, str]]:
    for name, attribute in place.schema["attributes"].items():
        if attribute.get("computed") and not attribute.get("optional") and attribute["type"] == "string":
            yield place.change(0, 0, f'  {name} = "x"\n'), name


def _ask_for_undeclared(place: _Place) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"\bvar\.(\w+)", place.body):
        yield place.change(*found.span(1), f"{found[1]}x"), f"{found[1]}x"


def _give_wrong_type(place: _Place) -> Iterator[tuple[str, str]]:
    for found in _SHORT.finditer(place.body):
        if place.schema["attributes"].get(found[1], {}).get("type") in ("bool", "number"):
            yield place.change(*found.span(), f'  {found[1]} = "neither"\n'), found[1]


_PLANTERS: dict[str, Planter] = {
    "misspelt type of resource": _misspell_type,
    "misspelt argument": _misspell_argument,
    "missing required argument": _leave_out_required,
    "misspelt block": _misspell_block,
    "block written as argument": _write_block_as_argument,
    "argument of a block above it": _lift_inner_argument,
    "argument of a resource in its block": _lower_argument,
    "argument that the provider decides": _set_what_is_decided,
    "undeclared variable": _ask_for_undeclared,
    "text for a number or a boolean": _give_wrong_type,
}
SORTS = tuple(_PLANTERS)
