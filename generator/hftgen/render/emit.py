"""Values as YAML or JSON files: the same bytes for the same value, read back as that value by every reader.

Block style throughout; a list stands two deeper than its key, as the Kubernetes, GitLab and Ansible manuals write it,
so that an added item never looks like a sibling of the key. Nothing is folded, there are no anchors and no tags.
Keys come in the order of `keyorder`; lists keep theirs. Scalars are `scalars`'. Text of several lines is a literal
block (`|`, `|-`, `|+`) unless it holds what a block cannot.

Comments: the text under the key `#x` stands above key `x`, wrapped as written; the text under `#` stands at the top of
its mapping, for a list's item above its dash. A comment for a key that is not there is dropped, so that a template may
leave the key out and keep the comment; so is one in a mapping that is otherwise empty. So no real key can begin with
`#`. JSON drops comments.

Helm. These mappings are no values but lines of a chart's template. Only they come out unquoted:

    {"{{}}": ".Values.replicas"}            key: {{ .Values.replicas }}              also as a list's item
    {"{{toYaml}}": ".Values.resources"}     {{- .Values.resources | toYaml | nindent N }} below the key
    {"{{include}}": 'include "labels" .'}   {{- include "labels" . | nindent N }}    below the key
    {"{{if}}": ".Values.hpa", "then": V}    {{- if .Values.hpa }} ... {{- end }}

N is counted here. `{{toYaml}}` and `{{include}}` may also stand beside other keys of a mapping (then they must yield at
least one), and follow them. `{{if}}` may be a document, a key's value (it guards the key as well) or a list's item;
`V` may hold any of these again. Any other string that holds `{{` is quoted but not escaped: Helm still sees it.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from hftgen.render import scalars
from hftgen.render.keyorder import FREE, order_keys
from hftgen.render.layout import IF, LINES, RAW, THEN, Level
from hftgen.render.unwritable import MAX_DEPTH, UnwritableError, locate

MAX_TEXTS = 200_000


def emit_yaml(documents: Sequence[Any], header: str) -> str:
    """The documents as one file, `header` (text without `#`, or nothing) above them as a comment.

    Raises UnwritableError with the path of what no file can hold. For many files keep one Emitter: it remembers.
    """
    return Emitter().emit_yaml(documents, header)


def emit_json(value: Any) -> str:
    """The value as JSON: two spaces, the same order of keys, comments dropped, a line feed at the end.

    Raises UnwritableError with the path of what no file can hold.
    """
    try:
        return _write_json(value)
    except ValueError as error:
        raise UnwritableError(str(error), locate(value, _write_json)) from None


def _write_json(value: Any) -> str:
    text = json.dumps(_order(value, 0, free=False), indent=2, ensure_ascii=False)
    if scalars.SURROGATE.search(text):
        raise UnwritableError(scalars.HALF_PAIR)
    return text + "\n"


def _order(value: Any, depth: int, *, free: bool) -> Any:
    """The value with ordered keys, without comments, and checked."""
    if depth > MAX_DEPTH:
        raise UnwritableError(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise UnwritableError("a key is no text")
        keys = order_keys((key for key in value if not key.startswith("#")), free=free)
        return {key: _order(value[key], depth + 1, free=key in FREE) for key in keys}
    if isinstance(value, list):
        return [_order(child, depth + 1, free=False) for child in value]
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) < scalars.INT64 else value
    if not isinstance(value, str):
        scalars.write_atom(value)
    return value


class Texts(dict[str, str | None]):
    """Each string's text on one line behind a space; None for what is written as a literal block."""

    def __missing__(self, text: str) -> str | None:
        if len(self) >= MAX_TEXTS:
            self.clear()
        written = self[text] = None if scalars.is_block(text) else f" {scalars.write_text(text)}"
        return written


class Emitter:
    """Writes many files, and remembers what it decided about keys and strings. Not for several threads at once."""

    def __init__(self) -> None:
        self._root = Level(0)
        self._texts = Texts()
        self._parts: list[str] = []
        self._keeping = True
        self._kept = self._trimmed = False

    def emit_yaml(self, documents: Sequence[Any], header: str) -> str:
        """As the function of this name."""
        try:
            return self._write(documents, header)
        except ValueError as error:
            raise UnwritableError(str(error), locate(list(documents), Emitter().write_alone)) from None

    def write_alone(self, document: Any) -> None:
        """Raises a ValueError if the document cannot be written."""
        self._write([document], "")

    def _write(self, documents: Sequence[Any], header: str) -> str:
        self._keeping = True
        text = self._write_once(documents, header)
        if self._kept and self._trimmed:  # Helm's `{{-` eats the blank lines that `|+` keeps
            self._keeping = False
            text = self._write_once(documents, header)
        return text

    def _write_once(self, documents: Sequence[Any], header: str) -> str:
        self._parts = []
        self._kept = self._trimmed = False
        self._comment(header, "")
        for number, document in enumerate(documents):
            start = len(self._parts)
            self._document(document)
            if number or self._parts[start].startswith(" "):
                self._parts.insert(start, "\n---")
        return "".join(self._parts)[1:] + "\n"

    def _document(self, value: Any) -> None:
        value, guards = self._open_guards(value, "")
        self._value(value, self._root)
        self._close_guards(guards, "")

    def _value(self, value: Any, level: Level) -> None:
        """What follows a key's colon or a dash."""
        kind = type(value)
        if kind is dict:
            self._mapping(value, level)
        elif kind is list:
            self._list(value, level)
        elif kind is str:
            self._parts.append(self._texts[value] or self._block(value, level))
        elif kind is int:
            self._parts.append(f" {value}")
        else:
            self._parts.append(f" {scalars.write_atom(value)}")

    def _list(self, values: list[Any], level: Level) -> None:
        add, texts, dash, items = self._parts.append, self._texts, level.dash, level.items
        if not values:
            add(" []")
        for value in values:
            kind = type(value)
            if kind is str:
                add(dash)
                add(texts[value] or self._block(value, items))
            elif kind is dict and IF not in value:
                self._mapping(value, items)
            elif kind is dict:
                inner, guards = self._open_guards(value, level.indent)
                self._mapping(inner, items) if type(inner) is dict else self._list([inner], level)
                self._close_guards(guards, level.indent)
            else:
                add(dash)
                self._value(value, level.inner)

    def _mapping(self, value: dict[str, Any], level: Level) -> None:
        kind, entries, _ = level[tuple(value)]
        if kind != "simple":
            self._odd_mapping(value, level)
            return
        parts, texts = self._parts, self._texts
        add, start = parts.append, len(parts)
        for key, prefix, below in entries:
            child = value[key]
            if type(child) is str:
                add(prefix)
                add(texts[child] or self._block(child, below))
            elif type(child) is not dict:
                add(prefix)
                self._value(child, below)
            elif IF not in child:
                add(prefix)
                self._mapping(child, below)
            else:
                del parts[start:]
                self._rich_mapping(value, level)
                return

    def _odd_mapping(self, value: dict[str, Any], level: Level) -> None:
        kind = level[tuple(value)].kind
        if kind == "rich":
            self._rich_mapping(value, level)
            return
        if level.item:
            self._parts.append(f"\n{level.outer}-")
        self._parts.append(f" {{{{ {_expression(value[RAW])} }}}}" if kind == "raw" else " {}")

    def _rich_mapping(self, value: dict[str, Any], level: Level) -> None:
        """One with comments, Helm lines or guarded keys."""
        self._comment(value.get("#", ""), level.outer)
        plan = level[tuple(value)]
        if level.item and (not plan.entries or _is_guard(value[plan.entries[0].key])):
            self._parts.append(f"\n{level.outer}-")
            level = level.undashed
            plan = level[tuple(value)]
        indent = level.outer
        for key, prefix, below in plan.entries:
            self._comment(value.get(f"#{key}", ""), indent)
            indent = level.indent
            child, guards = self._open_guards(value[key], indent)
            self._parts.append(prefix)
            self._value(child, below)
            self._close_guards(guards, indent)
        for line in plan.lines:
            self._control(f"{_expression(value[line])} | {LINES[line]}nindent {len(level.indent)}", level.indent)

    def _open_guards(self, value: Any, indent: str) -> tuple[Any, int]:
        """The value inside its guards, and how many they are."""
        count = 0
        while type(value) is dict and IF in value:
            if set(value) != {IF, THEN}:
                raise UnwritableError(f"{IF} stands with {THEN}, and nothing else")
            self._control(f"if {_expression(value[IF])}", indent)
            value = value[THEN]
            count += 1
        return value, count

    def _close_guards(self, count: int, indent: str) -> None:
        for _ in range(count):
            self._control("end", indent)

    def _control(self, text: str, indent: str) -> None:
        self._trimmed = True
        self._parts.append(f"\n{indent}{{{{- {text} }}}}")

    def _block(self, text: str, level: Level) -> str:
        if scalars.keeps_blank_end(text):
            self._kept = True
            if not self._keeping:
                return f" {scalars.quote(text)}"
        return f" {scalars.write_block(text, level.indent or '  ')}"

    def _comment(self, text: Any, indent: str) -> None:
        if not isinstance(text, str):
            raise UnwritableError("a comment is no text")
        for line in text.splitlines():
            self._parts.append(f"\n{indent}# {scalars.escape_invisible(line)}".rstrip(" "))


def _is_guard(value: Any) -> bool:
    return type(value) is dict and IF in value


def _expression(text: Any) -> str:
    """A Helm expression that cannot end its braces. Raises UnwritableError."""
    if not isinstance(text, str) or not text.strip() or re.search(r"\{\{|\}\}|[\x00-\x1f\x7f-\x9f\u2028\u2029]", text):
        raise UnwritableError("a Helm expression is one line of text without braces in pairs")
    return text.strip()
