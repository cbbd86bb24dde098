"""Errors of models as problems of what a person wrote, with stand-in models for every shape they can have."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, Tag, ValidationError

from hftgen.errors import Problem
from hftgen.spec.node import Node, to_plain
from hftgen.spec.problems import list_problems, list_violations, reach
from hftgen.spec.rules.violation import Violation
from hftgen.spec.section import kinds, kinds_by
from hftgen.spec.source import parse
from hftgen.spec.units import Name, refuse


class Closed(BaseModel):
    """A model as the spec's are: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


class Http(Closed):
    """A branch that its own key chooses; the key is called as the branch is."""

    http: Name
    port: Name | None = None


class Tcp(Closed):
    """The other branch."""

    tcp: Name


class Rolling(Closed):
    """A branch that a field's value chooses."""

    strategy: Literal["rolling"]
    surge: Name | None = None


class Canary(Closed):
    """The other branch."""

    strategy: Literal["canary"]
    steps: tuple[Name, ...] = Field(min_length=1)


class Size(Closed):
    """What a short form makes."""

    low: Name
    high: Name


class Whole(Closed):
    """All shapes together."""

    name: Name = Field(description="What it is called.", examples=["web"])
    probe: Annotated[Annotated[Http, Tag("(http)")] | Annotated[Tcp, Tag("(tcp)")], kinds("http", "tcp")] | None = None
    release: (
        Annotated[
            Annotated[Rolling, Tag("(rolling)")] | Annotated[Canary, Tag("(canary)")],
            kinds_by("strategy", "rolling", "canary"),
        ]
        | None
    ) = None
    either: Name | Literal["NONE"] | None = None
    sizes: dict[Name, Size] = {}
    class_: Name | None = Field(None, alias="class")
    inner: "Whole | None" = None


def problems_of(text: str, base: tuple[str | int, ...] = ()) -> list[Problem]:
    """The problems of a text as `Whole`."""
    root = parse(text.encode(), "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(to_plain(root))
    return sorted(list_problems(caught.value, Whole, root, base))


def only_problem(text: str) -> Problem:
    """The problem of a text with exactly one."""
    (problem,) = problems_of(text)
    return problem


def test_missing_field() -> None:
    """What is missing is described, with an example, at the name of the mapping that lacks it."""
    problem = only_problem("name: a\ninner:\n  class: b\n")
    assert problem[1:5] == (2, 1, "inner.name", "is missing")
    assert (problem.expected, problem.hint) == ("What it is called.", "write `name: web`")


def test_unknown_field() -> None:
    """An unknown field is named at its key, with the nearest known name or all of them, aliases as they are written."""
    near, far = problems_of("name: a\nclas: b\nwidth: c\n")
    assert (near.line, near.column, near.hint, near.expected) == (2, 1, "did you mean class?", "")
    assert far.expected == "one of class, either, inner, name, probe, release, sizes"


def test_branch_names_are_no_part_of_paths() -> None:
    """A key that is called like its branch is not mistaken for it, and a branch is no step of the path."""
    assert only_problem("name: a\nprobe: {http: X}").path == "probe.http"
    assert only_problem("name: a\nprobe: {http: x, port: X}").path == "probe.port"
    assert only_problem("name: a\nprobe: {http: x, prot: y}").hint == "did you mean port?"
    assert only_problem("name: a\nrelease: {strategy: canary, steps: [a, X]}").path == "release.steps[1]"


def test_branch_that_cannot_be_chosen() -> None:
    """The field that chooses is named where it is wrong or missing; else the nearest name of any branch."""
    wrong = only_problem("name: a\nrelease: {strategy: canari}")
    assert (wrong.column, wrong.path, wrong.found, wrong.hint) == (
        21,
        "release.strategy",
        "canari",
        "did you mean canary?",
    )
    missing = only_problem("name: a\nrelease: {surge: b}")
    assert (missing.path, missing.message, missing.expected) == (
        "release.strategy",
        "is missing",
        "one of canary, rolling",
    )
    assert only_problem("name: a\nprobe: {htpp: x}").hint == "did you mean http?"
    assert only_problem("name: a\nprobe: {}").expected == "a mapping with exactly one of http, tcp"
    assert only_problem("name: a\nrelease: rolling").found == "rolling"


def test_value_of_several_types() -> None:
    """What fits none of several types is one problem that says all of them."""
    problem = only_problem("name: a\neither: X")
    assert problem.path == "either"
    assert problem.expected.endswith(" or NONE")


def test_keys_of_mappings() -> None:
    """A wrong key is named at the key."""
    problem = only_problem("name: a\nsizes: {Big: {low: a, high: b}}")
    assert (problem.line, problem.column, problem.path) == (2, 9, "sizes.Big")
    strange = only_problem('name: a\nsizes: {big: {low: a, high: b, "[key]": c}}')
    assert strange.path == 'sizes.big["[key]"]'


def test_short_forms_are_one_problem() -> None:
    """A scalar that became two fields is wrong once; two fields that are wrong alike are two problems."""
    root = parse(b"name: a\nsizes: {s: X}", "f.yaml")
    sizes = reach(root, ("sizes",)).value
    assert isinstance(sizes, dict)
    short = sizes["s"]
    sizes["s"] = Node({"low": short, "high": short}, "f.yaml", short.line, short.column)
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(to_plain(root))
    assert [problem.path for problem in list_problems(caught.value, Whole, root)] == ["sizes.s"]
    paths = [problem.path for problem in problems_of("name: a\nsizes: {s: &s {low: X, high: X}, t: *s}")]
    assert paths == ["sizes.s.low", "sizes.t.low", "sizes.s.high", "sizes.t.high"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('"X"', '"X"'),
        ('"\\e[31mX"', '"\\u001b[31mX"'),
        ("X" * 100, "X" * 60 + "..."),
        ("[1, 2]", "a list of 2"),
        ("{a: 1, b: 2, c: 3, d: 4, e: 5}", "a mapping with a, b, c, d, ..."),
    ],
)
def test_what_was_found(value: str, found: str) -> None:
    """Text is shown as it was written, short and without control characters; the rest by its shape."""
    assert only_problem(f"name: {value}").found == found


def test_secrets_are_not_shown() -> None:
    """Below a service's secrets a text is never repeated, in no part of a problem."""
    problems = problems_of("name: hunter2 X\n", ("services", "web", "secrets", "TOKEN"))
    assert problems[0].path == "services.web.secrets.TOKEN.name"
    assert "hunter2" not in str(problems)


def test_violations() -> None:
    """A broken rule stands where its path leads, or at the nearest ancestor."""
    root = parse(b"a:\n  b: [1, 2]\n", "f.yaml")
    broken = [Violation(("a", "b", 1), "m", "2", "3", "h"), Violation(("a", "x", 0), "n")]
    assert list(list_violations(broken, lambda path: reach(root, path))) == [
        Problem("f.yaml", 2, 10, "a.b[1]", "m", "2", "3", "h"),
        Problem("f.yaml", 2, 3, "a.x[0]", "n"),
    ]


def test_context_of_units() -> None:
    """What a unit says it found beats what stands there."""

    class Odd(BaseModel):
        value: Name

    root = parse(b"value: A", "f.yaml")
    error = ValidationError.from_exception_data(
        "Odd",
        [{"type": refuse("is odd", found="a shape", expected="even", hint="add one"), "loc": ("value",), "input": 1}],
    )
    assert list_problems(error, Odd, root) == [Problem("f.yaml", 1, 8, "value", "is odd", "a shape", "even", "add one")]
