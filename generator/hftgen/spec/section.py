"""What all sections of the spec share: closed and frozen models, rules inside one section, and mappings with a kind."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Discriminator, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from hftgen.spec.units import refuse


class Section(BaseModel):
    """One mapping of the spec: unknown keys are errors, values cannot be changed.

    Attribute names are the spec's field names. The exceptions are names that Python or pydantic keep for themselves:
    `class_`, `from_`, `pass_`, `json_`; a dump says them as the spec does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, defer_build=True)


class Breach(NamedTuple):
    """A broken rule of one section: where below the section, what is wrong, what would be right."""

    path: tuple[str | int, ...]
    message: str
    expected: str = ""
    hint: str = ""
    found: str = ""


class RuledSection(Section):
    """A section with rules over its own fields, all of which are reported at once."""

    def breaches(self) -> Iterator[Breach]:
        """The rules that this section breaks."""
        yield from ()

    @model_validator(mode="after")
    def check_rules(self) -> Self:
        """Raises all breaches at their own places."""
        lines = [
            InitErrorDetails(
                type=refuse(breach.message, expected=breach.expected, hint=breach.hint, found=breach.found),
                loc=breach.path,
                input=self._at(breach.path),
            )
            for breach in self.breaches()
        ]
        if lines:
            raise ValidationError.from_exception_data(type(self).__name__, lines)
        return self

    def _at(self, path: tuple[str | int, ...]) -> Any:
        value: Any = self
        for part in path:
            value = value.get(part) if isinstance(value, dict) else _step(value, part)
        return value


def _step(value: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return value[part] if isinstance(value, tuple) and part < len(value) else None
    return getattr(value, part, None)


class Fork(Discriminator):
    """A discriminator with words of its own; hashable, so that a union may hold it."""

    __slots__ = ()
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __init__(self, pick: Callable[[Any], Hashable], message: str, expected: str) -> None:
        context: dict[str, str | int | float] = {"message": message, "expected": expected, "hint": "", "found": ""}
        super().__init__(pick, "unit", "{message}", context)


def kinds(*names: str, other: str = "") -> Fork:
    """The branch of a union by the one key that a mapping holds; `other` is the branch of a mapping with none.

    A branch is tagged `(name)`, so that in an error's location it cannot be taken for a key.
    """
    named = f"a mapping with exactly one of {', '.join(names)}"
    expected = f"a mapping of a {other}, or with {' or '.join(names)}" if other else named
    return Fork(_pick_by_key(names, other), "names no kind, or several", expected)


def kinds_by(field: str, *names: str) -> Fork:
    """The branch of a union by the value of one field."""
    return Fork(_pick_by_value(field, names), f"has no known {field}", f"{field}: {', '.join(names)}")


def _pick_by_key(names: tuple[str, ...], other: str) -> Callable[[Any], Hashable]:
    def pick(value: Any) -> Hashable:
        if isinstance(value, dict):
            found = [name for name in names if name in value]
            kind = found[0] if len(found) == 1 else "" if found else other
            return f"({kind})" if kind else None
        return f"({value.KIND})" if isinstance(value, BaseModel) else None  # type: ignore[attr-defined]

    return pick


def _pick_by_value(field: str, names: tuple[str, ...]) -> Callable[[Any], Hashable]:
    def pick(value: Any) -> Hashable:
        kind = value.get(field) if isinstance(value, dict) else getattr(value, field, None)
        return f"({kind})" if kind in names else None

    return pick


class Kind(RuledSection):
    """A branch of a union that the mapping's only key of that name chooses."""

    KIND: ClassVar[str]


def repeated(names: list[Any]) -> list[int]:
    """The positions of what stood before already."""
    return [index for index, name in enumerate(names) if name in names[:index]]
