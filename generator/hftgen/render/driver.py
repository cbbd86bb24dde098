"""The Jsonnet program that calls templates: generated, one for an environment."""

import json
from collections.abc import Sequence
from typing import Any

from hftgen.render.outputs import Call, Output

_HEAD = "function(text)\nlocal data = std.parseJson(text);"
_GUARD = "local holds(value) = if std.isBoolean(value) then value else error 'the guard gives no boolean';"


def write_driver(outputs: Sequence[Output]) -> str:
    """A function of the data as JSON text, giving an object: each output's number → its value.

    An output whose guard does not hold is null. One that another engine renders is true where its guards hold.
    """
    names: dict[str, str] = {}
    fields = [f'"{number}": {_write_output(output, names)},' for number, output in enumerate(outputs)]
    return "\n".join([_HEAD, _GUARD, *names.values(), "{", *fields, "}"])


def write_call(call: Call) -> str:
    """The same for one call alone, giving its value."""
    return f"{_HEAD}\n(import {quote(call.source)})({_write_arguments(call)})"


def write_data(data: dict[str, Any]) -> str:
    """The data as the driver takes it."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def quote(text: str) -> str:
    """A Jsonnet string."""
    plain = text.isascii() and text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else json.dumps(text)


def _write_output(output: Output, names: dict[str, str]) -> str:
    value = _write_call(output.call, names) if is_jsonnet(output) else "true"
    if not output.guards:
        return value
    guards = " && ".join(_name(f"holds({_write_call(guard, names)})", names) for guard in output.guards)
    return f"if {guards} then {value}"


def is_jsonnet(output: Output) -> bool:
    """Whether the output's template is Jsonnet."""
    return output.kind in {"yaml", "json", "text"}


def _write_call(call: Call, names: dict[str, str]) -> str:
    return f"{_name(f'import {quote(call.source)}', names)}({_write_arguments(call)})"


def _write_arguments(call: Call) -> str:
    return ", ".join("data" + "".join(f"[{quote(key)}]" for key in argument.path) for argument in call.arguments)


def _name(expression: str, names: dict[str, str]) -> str:
    """The local that holds the expression, so that it is evaluated once. `names` keeps the definitions."""
    name = f"x{len(names)}"
    definition = names.setdefault(expression, f"local {name} = {expression};")
    return definition.split(" ", 2)[1]
