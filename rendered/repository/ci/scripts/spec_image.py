"""Set the image of services in the text of a spec: nothing else in the file changes, comments least of all.

A service's own `image` is replaced where it stands, also below `clusters`; a service that inherits its image gets a
line of its own. What is written in a way that cannot be edited safely (anchors, aliases, merge keys) is refused.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

REFERENCE = re.compile(r"(?P<repository>[^\s@]+?)(:(?P<tag>[\w][\w.-]{0,127}))?(@(?P<digest>sha256:[0-9a-f]{64}))?")


class EditError(Exception):
    """The spec cannot be edited; the text says where and why."""


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def find_repository(reference: str) -> str:
    """Registry and path of an image, without tag and digest; empty where it is no image."""
    match = REFERENCE.fullmatch(reference)
    return match["repository"] if match else ""


def find_services(resolved: dict[str, dict[str, str]], image: str) -> list[str]:
    """The services of the resolved spec (`{service: {"image": reference}}`) that run an image of this repository."""
    wanted = find_repository(image)
    return sorted(name for name, service in resolved.items() if find_repository(str(service.get("image"))) == wanted)


def read_images(text: str) -> dict[str, str]:
    """The images that a spec itself says, by service."""
    services = _find(_compose(text), "services")
    entries = services.value if isinstance(services, yaml.MappingNode) else []
    found = {name.value: _find(value, "image") for name, value in entries}
    return {name: node.value for name, node in found.items() if isinstance(node, yaml.ScalarNode)}


def set_image(text: str, service: str, image: str) -> str:
    """The text of the spec with the service's image; EditError where that cannot be done without guessing."""
    root = _compose(text)
    edits = sorted(_list_edits(root, text, service, image), key=lambda edit: edit.start, reverse=True)
    for edit in edits:
        text = text[: edit.start] + edit.text + text[edit.end :]
    if read_images(text).get(service) != image:
        message = f"services.{service}.image: the text cannot be edited; set {image} by hand"
        raise EditError(message)
    return text


def _compose(text: str) -> yaml.MappingNode:
    for token in yaml.scan(text, yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            message = (
                f"line {token.start_mark.line + 1}: anchors and aliases would be changed in several places at once"
            )
            raise EditError(message)
    root = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        message = "the spec is no mapping"
        raise EditError(message)
    return root


def _list_edits(root: yaml.MappingNode, text: str, service: str, image: str) -> Iterator[_Edit]:
    services = _find(root, "services")
    holder = _find(services, service)
    own = _find(holder, "image")
    if isinstance(own, yaml.ScalarNode):
        yield _replace(own, image)
    elif isinstance(holder, yaml.MappingNode) and holder.value:
        yield _insert(holder, text, f"image: {image}")
    elif isinstance(services, yaml.MappingNode) and services.value and holder is None:
        yield _insert(services, text, f"{service}: {{image: {image!r}}}")
    elif services is None:
        yield _Edit(len(text), len(text), f"{_line_end(text)}services:\n  {service}:\n    image: {image}\n")
    else:
        line = (holder or services).start_mark.line + 1
        message = f"line {line}: services.{service} is empty or no mapping; write it as a mapping"
        raise EditError(message)
    for override in _list_overrides(holder):
        if find_repository(override.value) == find_repository(image):
            yield _replace(override, image)


def _find(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key; EditError where it stands twice or is merged in."""
    if not isinstance(node, yaml.MappingNode):
        return None
    found = [value for name, value in node.value if name.value == key]
    if len(found) > 1:
        message = f"line {found[1].start_mark.line + 1}: {key} stands twice"
        raise EditError(message)
    return found[0] if found else None


def _list_overrides(holder: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    clusters = _find(holder, "clusters")
    for _, override in clusters.value if isinstance(clusters, yaml.MappingNode) else []:
        image = _find(override, "image")
        if isinstance(image, yaml.ScalarNode):
            yield image


def _replace(node: yaml.ScalarNode, image: str) -> _Edit:
    # In a flow mapping and between quotes the value stays quoted as it was.
    quote = node.style if node.style in ("'", '"') else ""
    if node.style in ("|", ">"):
        message = f"line {node.start_mark.line + 1}: an image is one line; write it without {node.style}"
        raise EditError(message)
    return _Edit(node.start_mark.index, node.end_mark.index, f"{quote}{image}{quote}")


def _insert(holder: yaml.MappingNode, text: str, line: str) -> _Edit:
    """A first entry of a mapping that has some."""
    first = holder.value[0][0].start_mark
    if holder.flow_style:
        key, _, value = line.partition(": ")
        quoted = value if value.startswith("{") else f'"{value}"'
        return _Edit(first.index, first.index, f"{key}: {quoted}, ")
    begin = text.rfind("\n", 0, first.index) + 1
    indent = text[begin : first.index]
    if indent.strip():
        message = f"line {first.line + 1}: the mapping begins beside its key; write it below"
        raise EditError(message)
    return _Edit(begin, begin, f"{indent}{line}\n")


def _line_end(text: str) -> str:
    return "" if not text or text.endswith("\n") else "\n"
