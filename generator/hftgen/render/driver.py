"""The Jsonnet program that calls templates: generated, one for an environment."""

import json
from collections.abc import Sequence

from hftgen.render.outputs import Call, Output

_HEAD = "function(text)\nlocal data = std.parseJson(text);"
_GUARD = "local holds(value) = if std.isBoolean(value) then value else error 'the guard gives no boolean';"


def write_driver(outputs: Sequence[Output]) -> str:
    """A function of the data as JSON text, giving an object: each output's number → its value.

    An output whose guard does not hold is null. One that another engine renders is true where its guards hold.
    """
    names = _Names()
    fields = [f'"{number}": {_write_output(output, names)},' for number, output in enumerate(outputs)]
    return "\n".join([_HEAD, _GUARD, *names.definitions, "{", *fields, "}"])


def write_call(call: Call) -> str:
    """The same for one call alone, giving its value."""
    return f"{_HEAD}\n(import {quote(call.source)})({_write_arguments(call)})"


def quote(text: str) -> str:
    """A Jsonnet string."""
    plain = text.isascii() and text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else json.dumps(text)


def is_jsonnet(output: Output) -> bool:
    """Whether the output's template is Jsonnet."""
    return output.kind in {"yaml", "json", "text"}


class _Names:
    """The driver's locals: each template, argument and guard is written, and evaluated, once."""

    def __init__(self) -> None:
        self.definitions: list[str] = []
        self._names: dict[object, str] = {}

    def template(self, source: str) -> str:
        return self._names.get(source) or self._define(source, f"import {quote(source)}")

    def argument(self, path: tuple[str, ...]) -> str:
        return self._names.get(path) or self._define(path, _write_path(path))

    def guard(self, call: Call) -> str:
        return self._names.get(call) or self._define(call, f"holds({self.call(call)})")

    def call(self, call: Call) -> str:
        arguments = ", ".join([self.argument(argument.path) for argument in call.arguments])
        return f"{self.template(call.source)}({arguments})"

    def _define(self, key: object, expression: str) -> str:
        name = self._names[key] = f"x{len(self._names)}"
        self.definitions.append(f"local {name} = {expression};")
        return name


def _write_output(output: Output, names: _Names) -> str:
    value = names.call(output.call) if is_jsonnet(output) else "true"
    if not output.guards:
        return value
    return f"if {' && '.join(names.guard(guard) for guard in output.guards)} then {value}"


def _write_arguments(call: Call) -> str:
    return ", ".join(_write_path(argument.path) for argument in call.arguments)


def _write_path(path: tuple[str, ...]) -> str:
    return "data" + "".join(f"[{quote(key)}]" for key in path)
