"""Mirrors of Terraform providers, as `filesystem_mirror` of its configuration wants them: no registry is asked.

Each provider is a link to one program of ours (schemaprovider/) beside the schema that it serves.
"""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tests.tools import pins
from tests.tools.provider_schemas import Provider

# Terraform's registry, and OpenTofu's.
_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


def mirror(provider: Provider, folder: Path, platform: str) -> None:
    """Add a provider to the mirror that will be pins.PROVIDERS, for a platform such as linux_amd64."""
    place = Path("hashicorp", provider.name, provider.version, platform)
    program = os.path.relpath(pins.BIN / "schemaprovider", pins.PROVIDERS / _REGISTRIES[0] / place)
    _add(folder, place, provider.schemas, program)


def narrow(folder: Path, types: Collection[str]) -> None:
    """Make a mirror like pins.PROVIDERS that knows these types of resources and data alone.

    A provider is started many times, and most of that time goes into thousands of types that nobody uses.
    """
    for file in sorted(pins.PROVIDERS.glob(f"{_REGISTRIES[0]}/*/*/*/*/schema.json")):
        schemas = {kind: _select(kind, value, types) for kind, value in read_schemas(file).items()}
        _add(folder, file.parent.relative_to(pins.PROVIDERS / _REGISTRIES[0]), schemas, pins.BIN / "schemaprovider")


def read_schemas(file: Path) -> dict[str, Any]:
    """What a mirror knows of a provider: `provider`, `resource_schemas`, `data_source_schemas`, ..."""
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {kind: value for kind, value in read.items() if kind != "address"}


def _select(kind: str, value: dict[str, Any], types: Collection[str]) -> dict[str, Any]:
    return value if kind == "provider" else {name: schema for name, schema in value.items() if name in types}


def _add(folder: Path, place: Path, schemas: Mapping[str, Any], program: str | Path) -> None:
    first, second = (folder / registry / place for registry in _REGISTRIES)
    first.mkdir(parents=True)
    address = f"{_REGISTRIES[0]}/{place.parent.parent.as_posix()}"
    text = json.dumps({"address": address, **schemas}, separators=(",", ":"), sort_keys=True)
    (first / "schema.json").write_text(text, encoding="utf-8")
    name, version = place.parts[1:3]
    (first / f"terraform-provider-{name}_v{version}").symlink_to(program)
    second.parent.mkdir(parents=True)
    second.symlink_to(os.path.relpath(first, second.parent))
