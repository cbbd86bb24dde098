"""What all unit types share: text with a grammar, one canonical form and a JSON Schema."""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from hftgen.spec.node import NULLS, Scalar

LONGEST = 4096
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def refuse(message: str, *, expected: str = "", hint: str = "", found: str = "") -> PydanticCustomError:
    """The one error that units and models raise: what is wrong, and what would be right, in plain words.

    Its type is `unit`, its context holds `message`, `expected`, `hint` and `found` (empty means the value as given).
    """
    context = {"message": message, "expected": expected, "hint": hint, "found": found}
    return PydanticCustomError("unit", "{message}", context)


class Unit(str):
    """A text unit. A value is its own canonical text, so that a dump is plain JSON and comparison is by text.

    A subclass sets `words` (what is expected), `pattern` (JSON Schema), `examples`, and overrides `_canonical`.
    `also` is the schema of what an editor reads as a number or a boolean though we read it as text.
    """

    __slots__ = ()

    words: ClassVar[str] = "text"
    pattern: ClassVar[str] = ""
    examples: ClassVar[tuple[Any, ...]] = ()
    also: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def parse(cls, text: str) -> Self:
        """The value that `text` says; raises PydanticCustomError (a ValueError) in plain words."""
        if len(text) > LONGEST:
            raise refuse(f"is longer than {LONGEST} characters", expected=cls.words, found=f"{len(text)} characters")
        return cls(cls._canonical(text))

    @classmethod
    def _canonical(cls, text: str) -> str:
        """The canonical form of `text`; raises as `parse`."""
        return text

    @classmethod
    def refusal(cls, reason: str = "", hint: str = "") -> PydanticCustomError:
        """The error of this unit: what it expects, with an example."""
        example = f", such as {cls.examples[0]}" if cls.examples else ""
        return refuse(reason or f"is not {cls.words}", expected=cls.words + example, hint=hint)

    @classmethod
    def read(cls, value: Any) -> Self:
        """The validator: takes text as it was written, quoted or not."""
        if type(value) is cls:
            return value
        return cls.parse(read_text(value, cls.words))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.simple_ser_schema("str")
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return cls.describe()

    @classmethod
    def describe(cls) -> dict[str, Any]:
        """The JSON Schema of this unit; one without branches, in which editors find their way best."""
        types = ["string", *cls.also["type"]] if cls.also else "string"
        pattern = {"pattern": cls.pattern} if cls.pattern else {}
        return {"$comment": cls.words, **cls.also, "type": types, **pattern, "examples": list(cls.examples)}


class Reads:
    """In `Annotated`: a value that a function reads, and its JSON Schema. Cheaper to build than PlainValidator."""

    def __init__(self, read: Callable[[Any], Any], schema: dict[str, Any]) -> None:
        self._read = read
        self._schema = schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self._schema)


def read_text(value: Any, words: str) -> str:
    """The text of a scalar as it was written; null and anything but text is refused."""
    if not isinstance(value, str):
        raise refuse("is no text", expected=words)
    if isinstance(value, Scalar) and value.plain and value in NULLS:
        raise refuse("has no value", expected=words, found="null", hint="write '' for an empty text")
    return str(value)


def check_printable(text: str, words: str) -> None:
    """Refuses what no file format carries: NUL and the other control characters, and lone surrogates."""
    if match := CONTROL.search(text):
        found = ascii(text[max(0, match.start() - 20) : match.end() + 20])
        raise refuse(f"contains the control character U+{ord(match[0]):04X}", expected=words, found=found)
