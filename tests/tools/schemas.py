"""JSON schemas for kubeconform that refuse every field Kubernetes does not know.

Core kinds come from the package kubernetes-validate, custom resources from their CustomResourceDefinitions. Files are
laid out as `core/<version>/<group>/<kind>_<version>.json` and `crds/<group>/<kind>_<version>.json`.
"""

import importlib.resources
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from hftgen.schemas.strict import EMBEDDED, make_strict

_DEFINITIONS = "_definitions.json"
_METADATA_FILE = "_metadata.json"
_METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_QUANTITY_PATTERN = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"


def core_schemas(version: str) -> Iterator[tuple[Path, Any]]:
    """The schemas of all kinds of a Kubernetes version such as `1.36`, as (relative path, schema).

    The definitions that they share come first, in a file of their own beside them.
    """
    source = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    if not source.is_dir():
        message = f"kubernetes-validate has no schemas of Kubernetes {version}"
        raise LookupError(message)
    folder = Path("core", f"v{version}.0")
    definitions = json.loads((source / _DEFINITIONS).read_text(encoding="utf-8"))
    definitions["$defs"][_QUANTITY] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _QUANTITY_PATTERN}]}
    yield folder / _DEFINITIONS, _relocate(_without_ids(definitions), "#")
    for file in sorted(source.iterdir(), key=lambda entry: entry.name):
        schema = json.loads(file.read_text(encoding="utf-8"))
        for kind in schema.get("x-kubernetes-group-version-kind", ()):
            path = _place(kind["group"] or kind["version"], kind["kind"], kind["version"])
            yield folder / path, _relocate(_without_ids(schema), f"../{_DEFINITIONS}#")


def crd_schemas(text: str) -> Iterator[tuple[Path, Any]]:
    """The schemas of all served versions of the CustomResourceDefinitions in a text, as (relative path, schema)."""
    for document in yaml.load_all(text, _Loader):
        if document and document.get("kind") == "CustomResourceDefinition":
            spec = document["spec"]
            for version in spec["versions"]:
                if version["served"]:
                    schema = make_strict(version["schema"]["openAPIV3Schema"])
                    schema["properties"] = {
                        **EMBEDDED,
                        **schema.get("properties", {}),
                        "metadata": {"$ref": f"../{_METADATA_FILE}"},
                    }
                    path = _place(spec["group"], spec["names"]["kind"], version["name"])
                    yield Path("crds") / path, schema


def object_metadata(definitions: Any) -> tuple[Path, Any]:
    """The schema of an object's metadata, which CustomResourceDefinitions leave out, as (relative path, schema).

    It is taken out of the definitions that `core_schemas` yields first.
    """
    return Path("crds", _METADATA_FILE), {
        "$ref": f"#/$defs/{_METADATA}",
        "$defs": _reachable(definitions["$defs"], _METADATA),
    }


def write(folder: Path, schemas: Iterable[tuple[Path, Any]]) -> int:
    """Write schemas below a folder; how many there were."""
    count = 0
    for path, schema in schemas:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(schema, sort_keys=True), encoding="utf-8")
        count += 1
    return count


class _Loader(yaml.CSafeLoader):
    """Reads a lone `=`, which is a special tag of YAML 1.1, as the text that it is meant to be."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def _place(group: str, kind: str, version: str) -> Path:
    return Path(group, f"{kind.lower()}_{version}.json")


def _is_closed(schema: Any) -> bool:
    """Whether the API server drops fields that the schema does not name. Inside allOf, anyOf and not it never does."""
    is_object = schema.get("type") == "object" or "properties" in schema
    return is_object and not schema.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in schema


def _without_ids(schema: Any) -> Any:
    return {key: value for key, value in schema.items() if key not in ("$id", "$schema")}


def _relocate(value: Any, base: str) -> Any:
    """The same schema with references into the definitions that are found at `base`."""
    if isinstance(value, dict):
        moved = {key: _relocate(child, base) for key, child in value.items()}
        if isinstance(value.get("$ref"), str):
            moved["$ref"] = base + value["$ref"].partition("#")[2]
        return moved
    return [_relocate(child, base) for child in value] if isinstance(value, list) else value


def _reachable(definitions: Any, name: str) -> Any:
    found: dict[str, Any] = {}
    names = [name]
    while names:
        here = names.pop()
        if here not in found:
            found[here] = definitions[here]
            names += [ref.rpartition("/")[2] for ref in _references(definitions[here])]
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for child in value.values():
            yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)
