"""Sizes that keep the code readable: modules, functions, parameters."""

import ast
import functools
import statistics
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parents[2]
_PACKAGE = _REPOSITORY / "generator" / "hftgen"
_LINES = 400
_FUNCTION_LINES = 40
_MEDIAN_LINES = 12
_POSITIONAL = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@functools.cache
def _functions(file: Path) -> list[Function]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _name(file: Path) -> str:
    return str(file.relative_to(_REPOSITORY))


@pytest.mark.parametrize("file", _files(_PACKAGE) + _files(_REPOSITORY / "tests"), ids=_name)
def test_a_module_is_one_subject(file: Path) -> None:
    """A module of more than 400 lines is two."""
    assert len(file.read_text(encoding="utf-8").splitlines()) <= _LINES


@pytest.mark.parametrize("file", _files(_PACKAGE), ids=_name)
def test_a_function_fits_on_a_screen(file: Path) -> None:
    """No function of the package is longer than 40 lines."""
    assert {each.name: _length(each) for each in _functions(file) if _length(each) > _FUNCTION_LINES} == {}


@pytest.mark.parametrize("file", _files(_PACKAGE), ids=_name)
def test_a_call_can_be_read(file: Path) -> None:
    """At most five positional parameters; what comes after is named by the caller."""
    counts = {each.name: len(each.args.posonlyargs) + len(each.args.args) for each in _functions(file)}
    assert {name: count for name, count in counts.items() if count > _POSITIONAL} == {}


def test_most_functions_are_small() -> None:
    """The median function is under 12 lines."""
    assert statistics.median(_length(each) for file in _files(_PACKAGE) for each in _functions(file)) < _MEDIAN_LINES
