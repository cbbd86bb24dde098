"""A mirror of Terraform providers, as `filesystem_mirror` of its configuration wants it: no registry is asked.

Each provider is a link to one program of ours (schemaprovider/) beside the schema that it serves.
"""

import json
import os
from pathlib import Path

from tests.tools import pins
from tests.tools.provider_schemas import Provider

# Terraform's registry, and OpenTofu's.
_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


def mirror(provider: Provider, folder: Path, platform: str) -> None:
    """Add a provider to the mirror in `folder`, for a platform such as linux_amd64."""
    first, second = (f"{registry}/hashicorp/{provider.name}" for registry in _REGISTRIES)
    place = Path(provider.version, platform)
    home = folder / first / place
    home.mkdir(parents=True)
    text = json.dumps({"address": first, **provider.schemas}, separators=(",", ":"), sort_keys=True)
    (home / "schema.json").write_text(text, encoding="utf-8")
    program = os.path.relpath(pins.BIN / "schemaprovider", pins.PROVIDERS / first / place)
    (home / f"terraform-provider-{provider.name}_v{provider.version}").symlink_to(program)
    link = folder / second / place
    link.parent.mkdir(parents=True)
    link.symlink_to(os.path.relpath(home, link.parent))
