"""Kubernetes objects in YAML text that hftgen wrote once, and anybody may have edited since."""

from typing import Any

import yaml

MAX_DEPTH = 200


class UnreadableError(Exception):
    """The text is no YAML that hftgen could have written."""


def read_objects(data: bytes) -> list[dict[str, Any]]:
    """The objects in a file; raises UnreadableError."""
    try:
        text = data.decode()
        _check_depth(text)
        documents = list(yaml.load_all(text, yaml.CSafeLoader))
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from None
    return [document for document in documents if is_object(document)]


def is_object(document: Any) -> bool:
    """Whether a document is a Kubernetes object with a name."""
    if not isinstance(document, dict) or not isinstance(document.get("kind"), str):
        return False
    metadata = document.get("metadata")
    return isinstance(metadata, dict) and isinstance(metadata.get("name"), str)


def identify(item: dict[str, Any]) -> tuple[str, str, str, str]:
    """Group, kind, namespace and name: what an API server tells objects apart by."""
    metadata = item["metadata"]
    group = str(item.get("apiVersion", "")).rpartition("/")[0]
    return group, item["kind"], str(metadata.get("namespace", "")), metadata["name"]


def _check_depth(text: str) -> None:
    """The C loader dies of nesting; its events do not."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableError("it is nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
