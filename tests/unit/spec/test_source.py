"""Specs as bytes to trees with places, and what a spec may not hold."""

import random
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hftgen.errors import InputError, Problem
from hftgen.spec.node import Node
from hftgen.spec.source import parse, top_value
from hftgen.spec.yaml_core import MAX_DEPTH, MAX_KEY, MAX_NODES, MAX_PROBLEMS
from hftgen.spec.yaml_text import MAX_BYTES

SPEC = b"""\
# comment
apiVersion: hftgen/v1
environment: 'production'
services:
  a: {cpu: 1.10, on: no, at: 16:00, "x.y": [1, "2", ~]}
  b:
    - one
    -   key: |
          text
"""


def problems_of(text: bytes | str) -> tuple[Problem, ...]:
    """The problems that reading the text names."""
    with pytest.raises(InputError) as caught:
        parse(text.encode() if isinstance(text, str) else text, "specs/a.yaml")
    return caught.value.problems


def only_problem(text: bytes | str) -> Problem:
    """The problem of a text with exactly one."""
    (problem,) = problems_of(text)
    return problem


def fields(node: Node) -> dict[str, Node]:
    """The fields of a mapping."""
    assert isinstance(node.value, dict)
    return node.value


def places(node: Node) -> tuple[int, int, int, int]:
    """Line and column of a value and of its key."""
    return node.line, node.column, node.key_line, node.key_column


def test_scalars_stay_as_written() -> None:
    """YAML 1.2 core: `no` and `16:00` are text, `1.10` keeps its zero, and quotes are remembered."""
    a = fields(fields(fields(parse(SPEC, "f"))["services"])["a"])
    assert [(key, node.value, node.plain) for key, node in a.items() if isinstance(node.value, str)] == [
        ("cpu", "1.10", True),
        ("on", "no", True),
        ("at", "16:00", True),
    ]
    items = a["x.y"].value
    assert isinstance(items, list)
    assert [(node.value, node.plain, node.is_null()) for node in items] == [
        ("1", True, False),
        ("2", False, False),
        ("~", True, True),
    ]


def test_places_count_from_one() -> None:
    """Every value knows its own line and column, and its key's."""
    root = parse(SPEC, "specs/x.yaml")
    services = fields(root)["services"]
    assert root.file == "specs/x.yaml"
    assert places(root) == (2, 1, 2, 1)
    assert places(fields(root)["environment"]) == (3, 14, 3, 1)
    assert places(services) == (5, 3, 4, 1)
    assert places(fields(fields(services)["a"])["on"]) == (5, 22, 5, 18)
    listed = fields(services)["b"].value
    assert isinstance(listed, list)
    assert places(fields(listed[1])["key"]) == (8, 14, 8, 9)


def test_columns_count_characters() -> None:
    """A column counts characters, not bytes; a byte order mark is none of them."""
    root = parse("\ufeffa: {é: 1, 木: 2}".encode(), "f")
    assert places(fields(fields(root)["a"])["木"]) == (1, 14, 1, 11)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(ending: str) -> None:
    """All three line endings count as one line."""
    root = parse(ending.join(["a: 1", "b:", "  c: 2", ""]).encode(), "f")
    assert places(fields(fields(root)["b"])["c"])[:2] == (3, 6)


def test_not_utf8_names_the_byte() -> None:
    """A byte that is no UTF-8 is named with its offset, line and column."""
    problem = only_problem(b"a: 1\nb: \xe9t\xe9\n")
    assert problem[1:6] == (2, 4, "", "the file is not UTF-8", "byte 0xE9 at offset 8")


def test_utf16_is_named() -> None:
    """UTF-16 is refused by its name."""
    assert "UTF-16" in only_problem("a: 1".encode("utf-16")).found


@pytest.mark.parametrize("code", [0x00, 0x07, 0x1B, 0x7F, 0x85, 0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE])
def test_forbidden_characters(code: int) -> None:
    """Control characters, invisible marks and line breaks of YAML 1.1 alone are refused where they stand."""
    problem = only_problem(f'a: 1\nb: "x{chr(code)}y"\n')
    assert (problem.line, problem.column, problem.found) == (2, 6, f"U+{code:04X}")


def test_forbidden_characters_escaped_are_text() -> None:
    """The hint of a refused character works."""
    assert fields(parse(b'a: "\\x00\\u2028\\U0001f600"', "f"))["a"].value == "\0\u2028\U0001f600"


@pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "a:\n  b: 1\n\tc: 2\n", "a:\n-\tb: 1\n", "a: |\n  x\n\ty\n"])
def test_tabs_that_indent(text: str) -> None:
    """A tab in the indentation is said as such."""
    assert "a tab in the indentation" in only_problem(text).message


def test_every_tab_is_named() -> None:
    """The other lines that begin with a tab are in the hint."""
    assert "lines that begin with a tab too: 3, 4" in only_problem("a:\n\tb: 1\n\tc: 2\n\td: 3\n").hint


def test_all_duplicates_are_named() -> None:
    """Every key written twice is a problem that names both lines, wherever it is."""
    problems = problems_of("a: 1\nb: {c: 1, d: 2, c: 3}\na: 2\na: 3\n")
    assert [(p.path, p.found) for p in problems] == [
        ("b.c", "first on line 2, again on line 2"),
        ("a", "first on line 1, again on line 3"),
        ("a", "first on line 1, again on line 4"),
    ]


def test_keys_that_only_look_alike_differ() -> None:
    """`1` and `1.0` are two keys: keys are text."""
    assert list(fields(parse(b"1: a\n1.0: b\n0x1: c\n", "f"))) == ["1", "1.0", "0x1"]


def test_merge_key() -> None:
    """`<<` is YAML 1.1: the hint names extends. In quotes it is text."""
    assert "extends" in only_problem("a: &x {b: 1}\nc: {<<: *x, d: 2}\n").hint
    assert "<<" in fields(parse(b'"<<": 1', "f"))


@pytest.mark.parametrize("tag", ["!foo", "!!str", "!!python/object/apply:os.system", "!", "!<tag:x>"])
@pytest.mark.parametrize("value", ["x", "[1]", "{b: 1}"])
def test_tags(tag: str, value: str) -> None:
    """A tag is refused on every kind of value."""
    problem = only_problem(f"a: {tag} {value}\n")
    assert (problem.path, problem.message) == ("a", "has a YAML tag")


def test_tag_on_a_key() -> None:
    """A tag is refused on a key too."""
    assert only_problem("!!str a: 1\n").message == "has a YAML tag"


@pytest.mark.parametrize("text", ["? {a: 1}\n: 2\n", "? [a]\n: 2\n", "{[a]: 1}", "k: &x 1\n*x : 2\n", "a: {{ .x }}\n"])
def test_keys_that_are_no_text(text: str) -> None:
    """A mapping, a list or an alias is no name of a field."""
    assert "a field's name is no text" in {problem.message for problem in problems_of(text)}


def test_key_without_a_name() -> None:
    """A field needs a name; an empty text in quotes is one that the models judge."""
    assert only_problem("a: {? : 1}\n").message == "a field without a name"
    assert list(fields(parse(b'"": 1', "f"))) == [""]


def test_key_length() -> None:
    """The longest name passes, one character more does not."""
    assert len(fields(parse(b"? " + b"k" * MAX_KEY + b"\n: 1\n", "f"))) == 1
    assert only_problem(b"? " + b"k" * (MAX_KEY + 1) + b"\n: 1\n").message == "a field's name is too long"


def test_documents() -> None:
    """One document a file: markers are allowed, a second document is not."""
    assert list(fields(parse(b"%YAML 1.2\n---\na: 1\n...\n", "f"))) == ["a"]
    assert only_problem("a: 1\n---\nb: 2\n").line == 2
    assert only_problem("%YAML 1.1\n---\na: 1\n").message == "specs are YAML 1.2"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n", "\ufeff", "   \n\n"])
def test_empty(text: str) -> None:
    """An empty file says so."""
    assert only_problem(text).message == "the file is empty"


@pytest.mark.parametrize(
    ("text", "found"), [("- a\n- b\n", "a list of 2"), ("just text\n", "just text"), ("[]", "an empty list")]
)
def test_top_is_a_mapping(text: str, found: str) -> None:
    """A list or a scalar at the top is no spec."""
    assert only_problem(text)[4:6] == ("not a spec", found)


def test_aliases_stand_for_their_anchor() -> None:
    """An alias shares its anchor's nodes, with its own key's place; an anchor may be set again."""
    root = fields(parse(b"a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n", "f"))
    assert fields(root["a"])["b"] is fields(root["c"])["b"]
    assert places(root["c"]) == (1, 4, 2, 1)
    assert root["e"].value == "2"


def test_unknown_and_recursive_aliases() -> None:
    """Aliases without an anchor, and anchors that hold themselves, are all named."""
    problems = problems_of("a: *nope\nb: &b {c: *b}\nd: *later\ne: &later 1\n")
    assert [(p.path, p.found) for p in problems] == [
        ("a", "*nope"),
        ("b.c", "*b inside &b"),
        ("d", "*later"),
    ]


def bomb(levels: int, width: int = 10) -> str:
    """A spec whose last line stands for `width` to the power of `levels` values."""
    lines = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_alias_expansion_is_bounded() -> None:
    """A million values behind seven lines are refused, and at once."""
    start = time.perf_counter()
    assert only_problem(bomb(6)).message == "the spec holds too many values"
    assert time.perf_counter() - start < 0.5
    parse(bomb(4).encode(), "f")


def test_number_of_values_is_bounded() -> None:
    """Values count without aliases too."""
    assert only_problem("a: [" + "1," * MAX_NODES + "]").message == "the spec holds too many values"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "a:\n"])
def test_nesting_is_bounded(opening: str) -> None:
    """A hundred thousand levels are refused, and at once, in every style."""
    levels = 100_000
    text = opening * levels if opening != "a:\n" else "".join(" " * n + "a:\n" for n in range(1000))
    start = time.perf_counter()
    assert only_problem("top: " + text if opening[0] in "[{" else text).message == "nested too deep"
    assert time.perf_counter() - start < 0.5


def test_deepest_nesting() -> None:
    """The bound is exact: the mapping at the top is the first level."""
    parse(b"a: " + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1), "f")
    assert only_problem(b"a: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH).message == "nested too deep"


def test_aliases_do_not_deepen() -> None:
    """A chain of aliases, each one level deeper than the last, meets the same bound."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 1000))]
    assert only_problem("\n".join(lines)).message == "nested too deep"


def test_size_is_bounded() -> None:
    """The largest file passes, one byte more does not."""
    parse(b"a: 1\n#".ljust(MAX_BYTES, b"x"), "f")
    assert only_problem(b"a: 1\n#".ljust(MAX_BYTES + 1, b"x")).message == "the file is too large"


def test_number_of_problems_is_bounded() -> None:
    """A file that is wrong throughout does not flood the terminal."""
    assert len(problems_of("a: 1\n" * 5000)) == MAX_PROBLEMS


@pytest.mark.parametrize("number", ["9" * 400, ".nan", ".inf", "1e999", "0x" + "f" * 400])
def test_odd_numbers_are_text_here(number: str) -> None:
    """What a number means is the models' business."""
    assert fields(parse(f"a: {number}".encode(), "f"))["a"].value == number


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: b: c\n", (1, 5), "a `:` where no field can begin"),
        ('a: "b\nc: 1\n', (1, 4), "never closed"),
        ("a: {b: 1\nc: 2\n", (2, 2), "a `{` without its `}`"),
        ("a: [1, 2\nc: 2\n", (2, 2), "a `[` without its `]`"),
        ("a:\n  b: 1\n c: 2\n", (3, 2), "neither a field of this mapping nor its end"),
        ("a: 1\n- b\n", (2, 1), "neither a field of this mapping nor its end"),
        ("a: %b\n", (1, 4), "text may not begin with this character"),
        ("a: 1\nb\nc: 2\n", (2, 1), "a field without its `: `"),
        ('a: "\\q"\n', (1, 5), "an escape that YAML does not know"),
        ("a: *.x\n", (1, 5), "begin an alias and an anchor"),
        ("%YAML 3.0\n---\na: 1\n", (1, 1), "an unknown YAML version"),
    ],
)
def test_syntax_errors(text: str, place: tuple[int, int], words: str) -> None:
    """What the reader stumbles over is said in plain words where a person has to look."""
    problem = only_problem(text)
    assert (problem.line, problem.column) == place
    assert words in problem.message


def test_problems_before_a_syntax_error_are_kept() -> None:
    """A broken line does not hide what was found before it."""
    assert len(problems_of("a: 1\na: 2\nb: !t 1\nc: [\n")) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"environment: x\nb: [", "x"),
        (b"a: {environment: y}\nenvironment: x\n", "x"),
        (b"a: [environment, y]\nb: 1\n", None),
        (b"- environment\n- x\n", None),
        (b"{b: environment, environment: x}", "x"),
        (b"environment:\n", ""),
        (b"", None),
    ],
)
def test_top_value(text: bytes, value: str | None) -> None:
    """A field at the top is found without reading on; one further down is not taken for it."""
    node = top_value(text, "f", "environment")
    assert (None if node is None else node.value) == value


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_reads_or_is_an_input_error(text: str) -> None:
    """Nothing but InputError comes out, whatever goes in; a tree agrees with PyYAML's own on its keys."""
    try:
        root = parse(text.encode(), "f")
    except InputError:
        return
    assert list(fields(root)) == list(yaml.load(text, yaml.CBaseLoader))


def test_mutated_specs() -> None:
    """Two thousand seeded mutations of a spec read or are input errors that say something."""
    source = random.Random(1)
    scraps = (b"", b"\0", b"\t", b"\xff", b": ", b"*a", b"&a ", b"- ", b"{", b"]", b'"', b"\n", b"!x ", b"<<: ")
    said = [text for text in (_say_of(_mutate(source, scraps)) for _ in range(2000)) if text is not None]
    assert len(said) > 1000
    assert all(said)


def _mutate(source: random.Random, scraps: tuple[bytes, ...]) -> bytes:
    data = bytearray(SPEC)
    for _ in range(source.randint(1, 6)):
        position = source.randrange(len(data))
        data[position : position + source.randint(0, 3)] = source.choice(scraps)
    return bytes(data)


def _say_of(data: bytes) -> str | None:
    try:
        parse(data, "f")
    except InputError as error:
        return str(error)
    return None
