"""Free JSON, as `patches` hold it: plain scalars of YAML 1.2 core become null, booleans and numbers."""

from typing import Annotated, Any

from hftgen.spec.node import NULLS, Scalar
from hftgen.spec.units.number import BOOLEANS, FLOAT, INTEGER, read_number
from hftgen.spec.units.unit import Reads, check_printable, refuse

DEEPEST = 100


def read_json(value: Any) -> Any:
    """The plain JSON value; raises for what it cannot hold (NaN, integers past 2^53, control characters)."""
    return _read(value, 0)


def _read(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise refuse(f"is nested deeper than {DEEPEST} levels", found="too many levels")
    if isinstance(value, dict):
        return {str(key): _read(child, depth + 1) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_read(child, depth + 1) for child in value]
    if isinstance(value, str):
        return _read_scalar(value)
    if value is None or isinstance(value, bool):
        return value
    return read_number(value)


def _read_scalar(value: str) -> Any:
    if not (isinstance(value, Scalar) and value.plain):
        check_printable(value, "text")
        return str(value)
    if value in NULLS:
        return None
    if value in BOOLEANS:
        return BOOLEANS[value]
    if INTEGER.fullmatch(value) or FLOAT.fullmatch(value):
        return read_number(value)
    if value.lower() in (".nan", ".inf", "+.inf", "-.inf"):
        raise refuse("is no finite number", expected="what JSON can hold")
    check_printable(value, "text")
    return str(value)


def read_mapping(value: Any) -> dict[str, Any]:
    """A JSON mapping."""
    if not isinstance(value, dict):
        raise refuse("is no mapping", expected="a mapping")
    return {str(key): read_json(child) for key, child in value.items()}


Json = Annotated[Any, Reads(read_json, {})]
JsonMapping = Annotated[dict[str, Any], Reads(read_mapping, {"type": "object"})]
