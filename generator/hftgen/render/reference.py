"""The C++ jsonnet: the reference implementation, and the one whose messages say where."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from hftgen.render.driver import quote
from hftgen.render.imports import Importer
from hftgen.render.outputs import Call

_FROM_TO = r"\((?P<line2>\d+):(?P<column2>\d+)\)-\(\d+:\d+\)"
_PLACE = rf"(?P<file>[^\n\t]+?):(?:{_FROM_TO}|(?P<line>\d+):(?P<column>\d+)(?:-\d+)?)"
_STATIC = re.compile(rf"STATIC ERROR: {_PLACE}: (?P<message>.*)", re.DOTALL)
_FRAME = re.compile(rf"\t{_PLACE}\t.*")
_DRIVER = "driver"


class Place(NamedTuple):
    """A place in a template: its label, and line and column from 1."""

    file: str
    line: int
    column: int


class RefusalError(Exception):
    """What the reference implementation says: its message, and the places in templates, innermost first."""

    def __init__(self, message: str, places: Sequence[Place] = ()) -> None:
        self.message, self.places = message, tuple(places)
        super().__init__(message)


def evaluate(program: str, text: str, importer: Importer) -> str:
    """The value of a program of `driver` as JSON text; `text` is the data as JSON. Raises RefusalError."""
    import _jsonnet

    try:
        value: str = _jsonnet.evaluate_snippet(
            _DRIVER, program, import_callback=importer.import_bytes, tla_vars={"text": text}
        )
    except RuntimeError as error:
        raise parse_message(str(error), importer) from None
    except UnicodeDecodeError:
        raise RefusalError("the value holds text that is not Unicode") from None
    return value


def parse_message(text: str, importer: Importer) -> RefusalError:
    """The message of the C++ jsonnet taken apart."""
    static = _STATIC.fullmatch(text.rstrip("\n"))
    if static:
        return RefusalError(static["message"], _find_places([static], importer))
    lines = text.rstrip("\n").split("\n")
    end = len(lines)
    while end > 1 and lines[end - 1].startswith("\t"):
        end -= 1
    frames = [frame for line in lines[end:] if (frame := _FRAME.fullmatch(line))]
    message = "\n".join(lines[:end]).removeprefix("RUNTIME ERROR: ").rstrip()
    return RefusalError(message, _find_places(frames, importer))


def _find_places(matches: Sequence[re.Match[str]], importer: Importer) -> list[Place]:
    places = []
    for match in matches:
        label = importer.find_label(match["file"])
        if label:
            places.append(Place(label, int(match["line"] or match["line2"]), int(match["column"] or match["column2"])))
    return places


def read_parameters(call: Call, importer: Importer) -> int | None:
    """How many parameters a template's function has, those with defaults too; None if it is no function."""
    import _jsonnet

    program = f"local f = import {quote(call.source)}; if std.isFunction(f) then std.length(f) else null"
    try:
        value = _jsonnet.evaluate_snippet(_DRIVER, program, import_callback=importer.import_bytes)
    except RuntimeError as error:
        raise parse_message(str(error), importer) from None
    return None if value.strip() == "null" else int(value)
