"""YAML events to Nodes, bounded and without recursion: what YAML 1.2 core allows and a spec may use.

Tags, merge keys, keys that are no text, duplicate keys, unknown and recursive aliases are problems; all are collected.
Nesting and the number of values, aliases expanded, are bounded while the tree is built.
"""

from collections.abc import Iterator

from yaml import events

from hftgen.errors import Problem, format_path
from hftgen.spec.node import Node
from hftgen.spec.visible import visible, visible_path

MAX_DEPTH = 100
"""How many mappings and lists may stand inside each other."""

MAX_NODES = 200_000
"""How many values a spec may hold, each alias counted as all that it stands for."""

MAX_KEY = 512
"""How many characters a field's name may have."""

MAX_PROBLEMS = 100
"""How many problems of one file are collected before reading stops."""

_TAG = "remove it; put a value in quotes if it is text"


class LimitError(Exception):
    """Reading on makes no sense; the problems are in the builder."""


class _Frame:
    """A mapping or list that is still open. `key` is the pending key's text, None where a key is expected next."""

    __slots__ = ("anchor", "before", "dropped", "fields", "height", "items", "key", "node", "place")

    def __init__(self, node: Node, anchor: "_Anchor | None", before: int) -> None:
        self.node = node
        value = node.value
        self.fields = value if isinstance(value, dict) else {}
        self.items = value if isinstance(value, list) else None
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.key: str | None = None
        self.place: tuple[int, int] | None = None
        self.dropped = False


class _Anchor:
    """What an alias stands for; `node` is None while the anchored value is still open."""

    __slots__ = ("height", "node", "size")

    def __init__(self) -> None:
        self.node: Node | None = None
        self.size = 1
        self.height = 0


def place_of(event: events.Event) -> tuple[int, int]:
    """Line and column of an event, counting from 1."""
    mark = event.start_mark
    return (0, 0) if mark is None else (mark.line + 1, mark.column + 1)


class TreeBuilder:
    """Takes the events of one file in order; `root` and `problems` are the result."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self._count = 0

    def take(self, event: events.Event) -> None:
        """One event; raises LimitError at a bound."""
        if isinstance(event, events.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, events.MappingStartEvent):
            self._open(event, {})
        elif isinstance(event, events.SequenceStartEvent):
            self._open(event, [])
        elif isinstance(event, events.CollectionEndEvent):
            self._close()
        elif isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.DocumentStartEvent):
            self._document(event)

    def _scalar(self, event: events.ScalarEvent) -> None:
        line, column = place_of(event)
        if event.tag is not None:
            self._refuse_tag(event)
        frame = self._stack[-1] if self._stack else None
        plain = not event.style
        if frame is not None and frame.key is None and frame.items is None:
            self._key(frame, event.value, (line, column), plain=plain)
            if event.anchor is not None:
                self._anchor(event.anchor).node = Node(event.value, self.file, line, column, plain=plain)
            return
        node = Node(event.value, self.file, line, column, plain=plain, key=frame.place if frame else None)
        if event.anchor is not None:
            self._anchor(event.anchor).node = node
        self._count_values(1, node)
        self._put(frame, node)

    def _key(self, frame: _Frame, text: str, place: tuple[int, int], *, plain: bool) -> None:
        frame.key, frame.place, frame.dropped = text, place, False
        if plain and text in ("", "<<"):
            self._refuse_key(frame, text, place)
        elif len(text) > MAX_KEY:
            frame.dropped = True
            self._problem(place, "a field's name is too long", f"{len(text):,} characters", f"at most {MAX_KEY}")
        elif text in frame.fields:
            frame.dropped = True
            first = frame.fields[text]
            self._problem(
                place, "written twice", f"first on line {first.key_line}, again on line {place[0]}",
                "every field once", hint="keep one of the two",
            )  # fmt: skip

    def _refuse_key(self, frame: _Frame, text: str, place: tuple[int, int]) -> None:
        frame.dropped = True
        if text:
            self._problem(
                place, "`<<` merges only in YAML 1.1", "<<", "YAML 1.2",
                hint="name the shared file in extends, or write the fields out",
            )  # fmt: skip
        else:
            self._problem(place, "a field without a name", "nothing before the `:`", "`name: value`")

    def _open(self, event: events.CollectionStartEvent, value: "dict[str, Node] | list[Node]") -> None:
        place = place_of(event)
        if event.tag is not None:
            self._refuse_tag(event)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and frame.items is None:
            self._refuse_complex_key(frame, place, "a mapping or a list")
        node = Node(value, self.file, *place, key=frame.place if frame else None)
        self._count_values(1, node)
        if len(self._stack) >= MAX_DEPTH:
            self._too_deep(place)
        self._stack.append(_Frame(node, self._anchor(event.anchor) if event.anchor is not None else None, self._count))

    def _close(self) -> None:
        frame = self._stack.pop()
        anchor = frame.anchor
        if anchor is not None:
            anchor.node, anchor.height = frame.node, frame.height
            anchor.size = self._count - frame.before + 1
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.height <= frame.height:
            parent.height = frame.height + 1
        self._put(parent, frame.node)

    def _put(self, frame: _Frame | None, node: Node) -> None:
        if frame is None:
            self.root = node
        elif frame.items is not None:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = ""  # a key that is no text: its value follows and is dropped with it
        else:
            if not frame.dropped:
                frame.fields[frame.key] = node
            frame.key = frame.place = None

    def _alias(self, event: events.AliasEvent) -> None:
        place = place_of(event)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and frame.items is None:
            self._refuse_complex_key(frame, place, f"the alias *{event.anchor}")
            frame.key = ""
            return
        self._put(frame, self._expand(str(event.anchor), place, frame))

    def _expand(self, name: str, place: tuple[int, int], frame: _Frame | None) -> Node:
        anchor = self._anchors.get(name)
        key = frame.place if frame is not None else None
        if anchor is None:
            known = ", ".join(sorted(self._anchors)[:10])
            self._problem(
                place, "an alias without its anchor", f"*{name}", f"one of {known}" if known else "",
                hint=f"an anchor is written &{name} before it is used; put the text in quotes if it is only text",
            )  # fmt: skip
            return Node("", self.file, *place, plain=True, key=key)
        if anchor.node is None:
            self._problem(place, "an anchor that holds itself", f"*{name} inside &{name}", "a value that ends")
            return Node("", self.file, *place, plain=True, key=key)
        if len(self._stack) + anchor.height > MAX_DEPTH:
            self._too_deep(place)
        if frame is not None:
            frame.height = max(frame.height, anchor.height + 1)
        target = anchor.node
        node = Node(target.value, self.file, target.line, target.column, plain=target.plain, key=key)
        self._count_values(anchor.size, Node("", self.file, *place))
        return node

    def _anchor(self, name: str) -> _Anchor:
        anchor = self._anchors[name] = _Anchor()
        return anchor

    def _document(self, event: events.DocumentStartEvent) -> None:
        place = place_of(event)
        if self.root is not None:
            self._problem(place, "a second document begins here", "---", "one document a file", hint="remove the `---`")
            raise LimitError
        if event.version == (1, 1):
            self._problem(place, "specs are YAML 1.2", "%YAML 1.1", "", hint="leave the %YAML line away")

    def _refuse_tag(self, event: events.ScalarEvent | events.CollectionStartEvent) -> None:
        tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        self._problem(place_of(event), "has a YAML tag", visible(tag), "values without tags", hint=_TAG)

    def _refuse_complex_key(self, frame: _Frame, place: tuple[int, int], found: str) -> None:
        self._problem(
            place, "a field's name is no text", found, "`name: value`",
            hint="put text that begins with {, [ or * in quotes: a template's {{ ... }} is no YAML",
        )  # fmt: skip
        frame.dropped, frame.place = True, place

    def _count_values(self, size: int, node: Node) -> None:
        self._count += size
        if self._count > MAX_NODES:
            self._problem(
                (node.line, node.column), "the spec holds too many values", "", f"at most {MAX_NODES:,}, each alias "
                "counted as all that it stands for",
            )  # fmt: skip
            raise LimitError

    def _too_deep(self, place: tuple[int, int]) -> None:
        self._problem(place, "nested too deep", "", f"at most {MAX_DEPTH} mappings and lists inside each other")
        raise LimitError

    def _problem(self, place: tuple[int, int], message: str, found: str, expected: str, *, hint: str = "") -> None:
        path = format_path(visible_path(self._path()))
        self.problems.append(Problem(self.file, *place, path, message, found, expected, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise LimitError

    def _path(self) -> Iterator[str | int]:
        for frame in self._stack[:10]:
            if frame.items is not None:
                yield len(frame.items)
            elif frame.key:
                yield frame.key
