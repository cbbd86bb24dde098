"""Numbers and booleans: only a plain scalar of YAML 1.2 core is one; text in quotes is an error.

`Integer`, `Number`, `Money`, `Port` and `Boolean` are annotations of int, float and bool.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from hftgen.spec.node import Scalar
from hftgen.spec.units.unit import Reads, Unit, refuse

LARGEST = 2**53
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def read_integer(value: Any) -> int:
    """The whole number that a plain scalar says."""
    if type(value) is not int:
        text = _plain(value, "a whole number")
        if not INTEGER.fullmatch(text):
            raise refuse("is not a whole number", expected="a whole number")
        value = _count(text)
    if abs(value) > LARGEST:
        raise refuse("is larger than every program reads exactly", expected="a whole number up to 2^53")
    return int(value)


def read_number(value: Any) -> int | float:
    """The finite number that a plain scalar says; whole ones are int."""
    if type(value) not in (int, float):
        text = _plain(value, "a number")
        if INTEGER.fullmatch(text):
            return read_integer(value)
        if not FLOAT.fullmatch(text) or len(text) > 60:
            raise refuse("is not a number", expected="a finite number")
        value = float(text)
    if not abs(value) <= LARGEST:
        raise refuse("is no finite number that every program reads exactly", expected="a number up to 2^53")
    return int(value) if value == int(value) else float(value)


def read_boolean(value: Any) -> bool:
    """True or false of a plain scalar."""
    if type(value) is bool:
        return value
    text = _plain(value, "true or false")
    if text not in BOOLEANS:
        hint = (
            "yes, no, on and off are text in YAML 1.2" if text.lower() in ("yes", "no", "on", "off", "y", "n") else ""
        )
        raise refuse("is neither true nor false", expected="true or false", hint=hint)
    return BOOLEANS[text]


def _plain(value: Any, expected: str) -> str:
    if isinstance(value, Scalar) and value.plain:
        return str(value)
    if isinstance(value, str):
        raise refuse("is text in quotes", expected=expected, hint="leave the quotes out")
    raise refuse(f"is not {expected}", expected=expected)


def _count(text: str) -> int:
    if len(text) > 40:
        raise refuse("is larger than every program reads exactly", expected="a whole number up to 2^53")
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def whole(low: int, high: int) -> Callable[[Any], int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(value: Any) -> int:
        number = read_integer(value)
        if not low <= number <= high:
            limit = f"{low} or more" if high == LARGEST else f"{low} to {high}"
            raise refuse("is out of range", expected=f"a whole number, {limit}")
        return number

    return read


def _describe(low: int, high: int, *examples: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high, "examples": list(examples)}


def read_money(value: Any) -> int | float:
    """An amount of money: not negative, at most six decimals, so that its text is exact."""
    number = read_number(value)
    exact = Decimal(repr(number))
    if number < 0 or number > 10**9 or exact != round(exact, 6):
        raise refuse("is no amount of money", expected="0 to 10^9 with at most six decimals")
    return number


BOUNDS = {"minimum": -LARGEST, "maximum": LARGEST}
Integer = Annotated[int, Reads(read_integer, {"type": "integer", **BOUNDS})]
Count = Annotated[int, Reads(whole(0, LARGEST), _describe(0, LARGEST, 2))]
Positive = Annotated[int, Reads(whole(1, LARGEST), _describe(1, LARGEST, 1))]
Replicas = Annotated[int, Reads(whole(0, 10_000), _describe(0, 10_000, 2))]
Weight = Annotated[int, Reads(whole(1, 100), _describe(1, 100, 10))]
UserId = Annotated[int, Reads(whole(0, 2**31 - 1), _describe(0, 2**31 - 1, 10001))]
Port = Annotated[int, Reads(whole(1, 65535), _describe(1, 65535, 8080))]
Vlan = Annotated[int, Reads(whole(1, 4094), _describe(1, 4094, 100))]
Asn = Annotated[int, Reads(whole(1, 2**32 - 2), _describe(1, 2**32 - 2, 64512))]
Number = Annotated[int | float, Reads(read_number, {"$comment": "a number", "type": "number", **BOUNDS})]
Boolean = Annotated[bool, Reads(read_boolean, {"type": "boolean"})]
Money = Annotated[
    int | float,
    Reads(
        read_money,
        {"$comment": "an amount of money", "type": "number", "minimum": 0, "maximum": 10**9, "examples": [0.8064]},
    ),
]


class Percentage(Unit):
    """A share of a hundred: `70%`, `0.1%`."""

    __slots__ = ()
    words = "a percentage from 0% to 100%"
    pattern = r"^([0-9]{1,2}(\.[0-9]{1,6})?|100(\.0{1,6})?)%$"
    examples: ClassVar[tuple[str, ...]] = ("70%", "0.1%")

    @classmethod
    def _canonical(cls, text: str) -> str:
        if not re.search(cls.pattern, text) or text.endswith("\n"):
            raise cls.refusal(hint=f"did you mean {text}%?" if re.fullmatch(r"[0-9.]{1,8}", text) else "")
        whole_part, _, fraction = text[:-1].partition(".")
        fraction = fraction.rstrip("0")
        return f"{int(whole_part)}{'.' if fraction else ''}{fraction}%"

    @property
    def fraction(self) -> Decimal:
        """The share of one, exactly: 70% is 0.7."""
        return Decimal(self[:-1]) / 100

    @property
    def percent(self) -> Decimal:
        """The number before the sign."""
        return Decimal(self[:-1])


class Utilization(Percentage):
    """A whole percentage that may pass a hundred: of a request, or of a budget."""

    __slots__ = ()
    words = "a whole percentage from 1% to 1000%"
    pattern = r"^([1-9][0-9]{0,2}|1000)%$"
    examples = ("80%",)


def read_amount(value: Any) -> "int | Percentage":
    """A number of pods, or a whole percentage of them."""
    if isinstance(value, str) and value.endswith("%"):
        share = Percentage.read(value)
        if "." in share:
            raise refuse("is no whole percentage", expected="a whole number or a whole percentage, such as 1 or 25%")
        return share
    return whole(0, 10_000)(value)


Amount = Annotated[
    int | Percentage,
    Reads(
        read_amount,
        {
            "$comment": "a whole number, or a whole percentage",
            "type": ["integer", "string"],
            "minimum": 0,
            "maximum": 10_000,
            "pattern": r"^([0-9]{1,2}|100)(\.0+)?%$",
            "examples": [1, "25%"],
        },
    ),
]
