"""Kubernetes objects in YAML texts, read as the Go programs read them."""

from typing import Any

import yaml

Key = tuple[str, str, str, str]


class _Loader(yaml.CSafeLoader):
    """Without dates, which Go leaves as text, and with a lone `=` as the text that it is."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> list[Any]:
    """All documents that hold something; a List is its items."""
    objects: list[Any] = []
    for document in yaml.load_all(text, _Loader):
        objects += document["items"] if document and document.get("kind") == "List" else [document]
    return [one for one in objects if one is not None]


def identify(manifest: Any) -> Key:
    """What Kubernetes tells objects apart by: apiVersion, kind, namespace, name."""
    metadata = manifest["metadata"]
    return manifest["apiVersion"], manifest["kind"], metadata.get("namespace", ""), metadata["name"]


def index(manifests: list[Any]) -> dict[Key, Any]:
    """Objects by what tells them apart. Two with one identity are an error: an apply would let the last one win."""
    found: dict[Key, Any] = {}
    for manifest in manifests:
        key = identify(manifest)
        if key in found:
            message = f"two objects are {'/'.join(key)}"
            raise ValueError(message)
        found[key] = manifest
    return found


def pod_of(manifest: Any) -> Any:
    """The Pod that a Rollout's template stands for, or None for other kinds.

    The CustomResourceDefinition of a Rollout says less about its template than the schema of a Pod does: it takes a
    memory of `8GB`.
    """
    if manifest["kind"] != "Rollout" or "template" not in manifest["spec"]:
        return None
    template = manifest["spec"]["template"]
    metadata = {**(template.get("metadata") or {}), "name": manifest["metadata"]["name"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
