"""What the pipelines know of the platform: ci/delivery.json, which is rendered from the specs."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).resolve().parent.parent / "delivery.json"


class Facts(NamedTuple):
    """`platform` is the repository of the specs; `environments` are the targets by name, in the order of promotion."""

    platform: dict[str, Any]
    environments: dict[str, dict[str, Any]]

    def find_environment(self, name: str) -> dict[str, Any]:
        """The facts of one target; the program ends where there is none of that name."""
        if name not in self.environments:
            sys.exit(f"{name} is no environment; there are {', '.join(self.environments)}")
        return self.environments[name]


def read_facts() -> Facts:
    """The facts of the pipelines."""
    said = json.loads(FILE.read_text(encoding="utf-8"))
    return Facts(said["platform"], {target["name"]: target for target in said["environments"]})
