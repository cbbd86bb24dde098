"""What the YAML reader says, in plain words, at the place that a person has to change."""

import re
from typing import NamedTuple

from yaml import MarkedYAMLError, YAMLError

from hftgen.errors import Problem

_SHOWN = 60


class _Words(NamedTuple):
    """Our words for one message; `opening`: the place is where the construct began, not where the reader gave up."""

    message: str
    hint: str
    opening: bool = False


_TABS = _Words("a tab in the indentation", "indent with spaces")
_QUOTE = _Words("a quote is opened here and never closed", "close it, or leave the quotes away", opening=True)
_ANCHOR = _Words("`*` and `&` begin an alias and an anchor", "put the text in quotes if it is only text")
_LEVEL = "align it with the fields above it; text that holds `: ` or begins with a quote is quoted as a whole"

_WORDS = {
    "found a tab character that violates indentation": _TABS,
    "found a tab character where an indentation space is expected": _TABS,
    "found character that cannot start any token": _Words(
        "text may not begin with this character", "put the text in quotes"
    ),
    "mapping values are not allowed in this context": _Words(
        "a `:` where no field can begin", "put text that holds `: ` in quotes; check the line's indentation and the "
        "space after the `:` of the line before",
    ),
    "block sequence entries are not allowed in this context": _Words(
        "a list item where none can begin", "begin the list on a line of its own, or write [a, b]"
    ),
    "could not find expected ':'": _Words("a field without its `: `", "write `name: value`", opening=True),
    "did not find expected key": _Words("neither a field of this mapping nor its end", _LEVEL),
    "did not find expected '-' indicator": _Words("neither an item of this list nor its end", _LEVEL),
    "did not find expected ',' or '}'": _Words("a `{` without its `}`, or a `,` is missing", "add what is missing"),
    "did not find expected ',' or ']'": _Words("a `[` without its `]`, or a `,` is missing", "add what is missing"),
    "did not find expected node content": _Words("a value should stand here", "put text in quotes if it is only text"),
    "found unexpected end of stream": _QUOTE,
    "found unexpected document indicator": _QUOTE,
    "found unknown escape character": _Words(
        "an escape that YAML does not know", "in double quotes write \\\\ for a backslash, or use single quotes"
    ),
    "did not find expected alphabetic or numeric character": _ANCHOR,
    "did not find expected <document start>": _Words(
        "text after the end of the document", "a spec is one mapping: check the indentation and the quotes"
    ),
    "found incompatible YAML document": _Words("an unknown YAML version", "leave the %YAML line away"),
    "found undefined tag handle": _Words("a YAML tag", "remove it; put text in quotes if it is only text"),
}  # fmt: skip


def describe(error: YAMLError, text: str, file: str) -> Problem:
    """The problem behind an error of the YAML reader."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(file, 0, 0, "", f"not valid YAML: {str(error).splitlines()[0]}")
    problem = str(error.problem)
    words = _WORDS.get(problem) or _Words(problem, "")
    mark = error.context_mark if words.opening and error.context_mark else error.problem_mark
    lines = re.split("\r\n|\r|\n", text)
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1] and not line[: mark.column + 1].strip(" \t-"):
        words = _TABS
    hint = "; ".join(part for part in (words.hint, _opened(error), _more_tabs(words, lines, mark.line)) if part)
    return Problem(
        file, mark.line + 1, mark.column + 1, "", f"not valid YAML: {words.message}", _excerpt(line), "", hint
    )


def _opened(error: MarkedYAMLError) -> str:
    """Where the construct began, if that is another line."""
    began, ended = error.context_mark, error.problem_mark
    if began is None or ended is None or began.line == ended.line or "parsing" not in str(error.context):
        return ""
    kind = str(error.context).removeprefix("while parsing ").replace("block ", "").replace("flow ", "")
    return f"{kind.replace('sequence', 'list').replace('collection', 'list')} begins on line {began.line + 1}"


def _more_tabs(words: _Words, lines: list[str], first: int) -> str:
    if words is not _TABS:
        return ""
    more = [str(number + 1) for number, line in enumerate(lines) if number != first and line.startswith("\t")]
    dots = ", ..." if len(more) > 10 else ""
    return f"lines that begin with a tab too: {', '.join(more[:10])}{dots}" if more else ""


def _excerpt(line: str) -> str:
    shown = line.strip(" ").replace("\t", "<tab>")
    return f"{shown[:_SHOWN]}..." if len(shown) > _SHOWN else shown
