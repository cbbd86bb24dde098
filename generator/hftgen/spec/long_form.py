"""Short forms become long ones: the only place that knows them.

`FORMS` is the table: where a short form may stand, what it looks like, what it becomes. `*` is any key, `[]` any entry
of a list. A form that is long already, or of a wrong type, passes untouched, so that the models judge it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hftgen.spec.node import Node
from hftgen.spec.units import Cpu, Memory, Name, Pause, PositiveSeconds, Seconds, Text, UrlPath

Expansion = Callable[[Node], Node]


class Form(NamedTuple):
    """A short form at `path`: what people write (`schema`), said in words, and the function that makes it long."""

    path: str
    words: str
    schema: dict[str, Any]
    expand: Expansion


def mapping(origin: Node, **fields: Node) -> Node:
    """A mapping that stands where `origin` does."""
    key = (origin.key_line, origin.key_column)
    return Node(dict(fields), origin.file, origin.line, origin.column, key=key)


def scalar(origin: Node, text: str) -> Node:
    """A plain scalar that stands where `origin` does."""
    key = (origin.key_line, origin.key_column)
    return Node(text, origin.file, origin.line, origin.column, plain=True, key=key)


def wrap(*names: str) -> Expansion:
    """A scalar becomes a mapping that says it under each name."""

    def expand(node: Node) -> Node:
        if not isinstance(node.value, str) or node.is_null():
            return node
        return mapping(node, **dict.fromkeys(names, node))

    return expand


def turn(text: str, **fields: str | None) -> Expansion:
    """The scalar `text` becomes a mapping of scalars; None is an empty list."""

    def expand(node: Node) -> Node:
        if node.value != text:
            return node
        place = (node.file, node.line, node.column)
        made = {name: Node([], *place) if value is None else scalar(node, value) for name, value in fields.items()}
        return mapping(node, **made)

    return expand


def lower(node: Node) -> Node:
    """Kubernetes' spelling of a choice becomes ours."""
    if node.value not in KUBERNETES["enum"]:
        return node
    key = (node.key_line, node.key_column)
    return Node(str(node.value).lower(), node.file, node.line, node.column, plain=node.plain, key=key)


def spread_pause(node: Node) -> Node:
    """A canary's `pause` goes to each step below 100 that has none, and is gone."""
    value = node.value
    if not isinstance(value, dict):
        return node
    pause, steps = value.get("pause"), value.get("steps")
    if pause is None or steps is None or not isinstance(pause.value, str) or not isinstance(steps.value, list):
        return node
    if not _is_pause(pause.value):
        return node
    copied = Node([_pause(step, pause) for step in steps.value], steps.file, steps.line, steps.column, key=_key(steps))
    fields = {name: child for name, child in value.items() if name != "pause"}
    return mapping(node, **{**fields, "steps": copied})


def _is_pause(text: str) -> bool:
    try:
        return bool(Pause.parse(text))
    except ValueError:
        return False


def _pause(step: Node, pause: Node) -> Node:
    fields = step.value
    if not isinstance(fields, dict) or "pause" in fields or "weight" not in fields:
        return step
    return step if fields["weight"].value == "100" else mapping(step, **{**fields, "pause": pause})


def _key(node: Node) -> tuple[int, int]:
    return (node.key_line, node.key_column)


def _container(path: str) -> tuple[Form, ...]:
    return (
        Form(f"{path}.cpu", "request = limit", Cpu.describe(), wrap("request", "limit")),
        Form(f"{path}.memory", "request = limit", Memory.describe(), wrap("request", "limit")),
    )


def _listener(path: str) -> tuple[Form, ...]:
    return (
        Form(f"{path}.ports.*", "port = target", {"type": "integer", "minimum": 1, "maximum": 65535}, wrap("port")),
        Form(f"{path}.probes.ready", "a path asked over HTTP", UrlPath.describe(), wrap("http")),
        Form(f"{path}.probes.live", "a path asked over HTTP", UrlPath.describe(), wrap("http")),
        Form(f"{path}.probes.startup", "how long a start may take", PositiveSeconds.describe(), wrap("budget")),
    )


NONE = {"const": "none"}
KUBERNETES = {"enum": ["Allow", "Forbid", "Replace"]}


def _service(path: str) -> tuple[Form, ...]:
    return (
        *_container(path),
        *_container(f"{path}.init.[]"),
        *_container(f"{path}.sidecars.*"),
        *_listener(path),
        *_listener(f"{path}.sidecars.*"),
        Form(f"{path}.files.*", "the file's text", Text.describe(), wrap("content")),
        Form(f"{path}.calls.[]", "a service's or datastore's name", Name.describe(), wrap("service")),
        Form(f"{path}.shutdown", "the grace", Seconds.describe(), wrap("grace")),
        Form(
            f"{path}.history",
            "as many good as failed runs",
            {"type": "integer", "minimum": 0},
            wrap("succeeded", "failed"),
        ),
        Form(f"{path}.concurrency", "as Kubernetes spells it", KUBERNETES, lower),
        Form(f"{path}.metrics", "nothing is exported", NONE, turn("none", enabled="false")),
        Form(f"{path}.build", "it is not built here", NONE, turn("none", enabled="false")),
        Form(f"{path}.freeze", "it is never frozen", NONE, turn("none", calendars=None)),
        Form(
            f"{path}.release.steps.[]", "the weight", {"type": "integer", "minimum": 1, "maximum": 100}, wrap("weight")
        ),
        Form(f"{path}.release.analysis", "nothing is measured", NONE, turn("none", enabled="false")),
        Form(f"{path}.release.analysis.pre", "nothing is measured", NONE, turn("none", enabled="false")),
        Form(f"{path}.release.analysis.post", "nothing is measured", NONE, turn("none", enabled="false")),
        Form(f"{path}.release", "`pause` beside `steps` is each step's", {}, spread_pause),
    )


FORMS: tuple[Form, ...] = (
    Form("gitops.freeze", "nothing is frozen", NONE, turn("none", calendars=None)),
    *_service("services.*"),
    *_service("services.*.clusters.*"),
    *_container("datastores.*"),
)


class Branch(NamedTuple):
    """A step of the tree of patterns: what happens to a node here, after what happens below it."""

    below: "dict[str, Branch]"
    expansions: list[Expansion]


def _plant(forms: tuple[Form, ...]) -> Branch:
    root = Branch({}, [])
    for form in forms:
        branch = root
        for part in form.path.split("."):
            branch = branch.below.setdefault(part, Branch({}, []))
        branch.expansions.append(form.expand)
    return root


TREE = _plant(FORMS)


def expand(root: Node) -> Node:
    """The tree in long form; new nodes stand where the short form did, untouched ones are shared."""
    return _expand(root, TREE)


def _expand(node: Node, branch: Branch) -> Node:
    value = node.value
    if branch.below and isinstance(value, dict):
        node = _renew(node, _expand_fields(value, branch.below), value)
    elif isinstance(value, list) and "[]" in branch.below:
        below = branch.below["[]"]
        node = _renew(node, [_expand(child, below) for child in value], value)
    for expansion in branch.expansions:
        node = expansion(node)
    return node


def _expand_fields(fields: dict[str, Node], below: dict[str, Branch]) -> dict[str, Node]:
    other = below.get("*")
    made = {}
    for name, child in fields.items():
        branch = below.get(name, other)
        made[name] = _expand(child, branch) if branch else child
    return made


def _renew(node: Node, made: Any, old: Any) -> Node:
    values, olds = (made.values(), old.values()) if isinstance(made, dict) else (made, old)
    if all(new is before for new, before in zip(values, olds, strict=True)):
        return node
    return Node(made, node.file, node.line, node.column, key=_key(node))
