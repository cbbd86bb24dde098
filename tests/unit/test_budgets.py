"""Sizes that keep the code readable: modules, functions, parameters."""

import ast
import functools
import statistics
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[2]
_PACKAGE = _REPOSITORY / "generator" / "hftgen"
_LINES = 400
_FUNCTION_LINES = 40
_MEDIAN_LINES = 12
_POSITIONAL = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_a_module_is_one_subject() -> None:
    """A module of more than 400 lines is two."""
    files = [*_PACKAGE.rglob("*.py"), *(_REPOSITORY / "tests").rglob("*.py")]
    lengths = {str(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > _LINES} == {}


def test_a_function_fits_on_a_screen() -> None:
    """No function of the package is longer than 40 lines."""
    lengths = {name: _length(each) for name, each in _functions().items()}
    assert {name: length for name, length in lengths.items() if length > _FUNCTION_LINES} == {}


def test_a_call_can_be_read() -> None:
    """At most five positional parameters; what comes after is named by the caller."""
    counts = {name: len(each.args.posonlyargs) + len(each.args.args) for name, each in _functions().items()}
    assert {name: count for name, count in counts.items() if count > _POSITIONAL} == {}


def test_most_functions_are_small() -> None:
    """The median function is under 12 lines."""
    assert statistics.median(_length(each) for each in _functions().values()) < _MEDIAN_LINES


@functools.cache
def _functions() -> dict[str, Function]:
    """Every function of the package, by its place."""
    return {
        f"{file}:{node.lineno} {node.name}": node
        for file in sorted(_PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
