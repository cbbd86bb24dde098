"""One spec file's bytes to a tree of Nodes with places. YAML 1.2 core, bounded before anything is built."""

from yaml import YAMLError, events
from yaml._yaml import CParser

from hftgen.errors import InputError, Problem
from hftgen.spec.node import Node
from hftgen.spec.visible import describe_value
from hftgen.spec.yaml_core import MAX_DEPTH, LimitError, TreeBuilder, place_of
from hftgen.spec.yaml_errors import describe
from hftgen.spec.yaml_text import decode


def parse(text: bytes, file: str) -> Node:
    """The mapping that a spec file holds; `file` is its name in messages.

    Raises InputError with every problem that can be found: the bytes, the syntax, duplicate keys, tags, merge keys,
    aliases, bounds, anything but a mapping at the top.
    """
    decoded = decode(text, file)
    builder = TreeBuilder(file)
    problems = builder.problems
    try:
        _feed(builder, decoded)
    except LimitError:
        pass
    except YAMLError as error:
        problems.append(describe(error, decoded, file))
    if not problems and (builder.root is None or not isinstance(builder.root.value, dict)):
        problems.append(_no_mapping(builder.root, file))
    if problems or builder.root is None:
        raise InputError(problems)
    return builder.root


def top_value(text: bytes, file: str, key: str) -> Node | None:
    """The value of a top-level field, read no further than needed (a collection comes empty); None without the field.

    Says nothing about the rest of the file. Raises InputError where what stands before the field cannot be read.
    """
    decoded = decode(text, file)
    try:
        return _seek(CParser(decoded), file, key)
    except YAMLError as error:
        raise InputError([describe(error, decoded, file)]) from None


_OPENING = (events.MappingStartEvent, events.SequenceStartEvent)
_CLOSING = (events.MappingEndEvent, events.SequenceEndEvent)
_VALUES = (events.ScalarEvent, events.AliasEvent, *_CLOSING)


def _seek(parser: CParser, file: str, key: str) -> Node | None:
    depth, is_key, wanted = 0, True, False
    while (event := parser.get_event()) is not None:
        if isinstance(event, _OPENING):
            depth += 1
            if wanted or depth > MAX_DEPTH or (depth == 1 and isinstance(event, events.SequenceStartEvent)):
                return _shallow(event, file) if wanted else None
            continue
        if isinstance(event, _CLOSING):
            depth -= 1
        if depth != 1 or not isinstance(event, _VALUES):
            continue
        if wanted:
            return _shallow(event, file)
        wanted = is_key and isinstance(event, events.ScalarEvent) and event.value == key
        is_key = not is_key
    return None


def _shallow(event: events.Event, file: str) -> Node:
    line, column = place_of(event)
    if isinstance(event, events.ScalarEvent):
        return Node(event.value, file, line, column, plain=not event.style)
    return Node({}, file, line, column)


def _feed(builder: TreeBuilder, text: str) -> None:
    parser = CParser(text)
    take = builder.take
    while (event := parser.get_event()) is not None and type(event) is not events.StreamEndEvent:
        take(event)


def _no_mapping(root: Node | None, file: str) -> Problem:
    own = file.startswith("data/")
    hint = "" if own else "write `apiVersion: hftgen/v1`, `environment: NAME` and so on, each on a line"
    if root is None or root.is_null():
        return Problem(file, 1, 1, "", "the file is empty", "", "a mapping of fields", hint)
    message = "not a table" if own else "not a spec"
    return Problem(file, root.line, root.column, "", message, describe_value(root), "a mapping of fields", hint)
