"""The schemas of Kubernetes' own kinds, from the package kubernetes-validate: every version, strict.

The package is found, not imported: its import takes a tenth of a second, and its data is all that is needed.
"""

import importlib.util
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from hftgen.schemas.strict import Schema

_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
# As resource.ParseQuantity reads it; the published schema takes any text.
_QUANTITY_PATTERN = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
POD_TEMPLATE = "io.k8s.api.core.v1.PodTemplateSpec"
_FOLDER = re.compile(r"^v(\d+)\.(\d+)\.\d+-local-strict$")

Identity = tuple[str, str, str]
"""Group, version, kind."""


class CoreSchemas:
    """The kinds of one version of Kubernetes; where the package lacks it, of the nearest older one."""

    def __init__(self, kubernetes: str) -> None:
        self.kubernetes, self._file = _find(kubernetes)

    @cached_property
    def _definitions(self) -> dict[str, Schema]:
        found: dict[str, Schema] = json.loads(self._file.read_bytes())["$defs"]
        found[_QUANTITY] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _QUANTITY_PATTERN}]}
        return found

    @cached_property
    def _names(self) -> dict[Identity, str]:
        return {
            (entry["group"], entry["version"], entry["kind"]): name
            for name, schema in self._definitions.items()
            for entry in schema.get("x-kubernetes-group-version-kind", ())
        }

    def find(self, identity: Identity) -> Schema | None:
        """The schema of a kind, with all that it refers to; None where Kubernetes has no such kind."""
        name = self._names.get(identity)
        return None if name is None else self.describe(name)

    def describe(self, name: str) -> Schema:
        """The schema of a definition, such as POD_TEMPLATE."""
        return {"$ref": f"#/$defs/{name}", "$defs": self._reach(name)}

    def complete(self, schema: Schema) -> Schema:
        """A custom resource's schema with that of an object's metadata, which CustomResourceDefinitions leave out."""
        properties = {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            **schema.get("properties", {}),
            "metadata": {"$ref": f"#/$defs/{METADATA}"},
        }
        return {**schema, "properties": properties, "$defs": self._reach(METADATA)}

    def _reach(self, name: str) -> dict[str, Schema]:
        found: dict[str, Schema] = {}
        waiting = [name]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found[here] = self._definitions[here]
                _collect(found[here], waiting)
        return found


def _collect(value: Any, names: list[str]) -> None:
    """Adds the definitions that a schema refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            names.append(value["$ref"].rpartition("/")[2])
        for child in value.values():
            _collect(child, names)
    elif isinstance(value, list):
        for child in value:
            _collect(child, names)


def _find(kubernetes: str) -> tuple[str, Path]:
    """The version that there are schemas of, and their file."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise LookupError("the package kubernetes-validate is not installed")
    folder = Path(spec.origin).parent / "kubernetes-json-schema"
    matches = (_FOLDER.match(entry.name) for entry in folder.iterdir())
    versions = sorted((int(match[1]), int(match[2])) for match in matches if match)
    wanted = tuple(int(part) for part in kubernetes.split(".")[:2])
    major, minor = max((one for one in versions if one <= wanted), default=versions[0])
    return f"{major}.{minor}", folder / f"v{major}.{minor}.0-local-strict" / "_definitions.json"
