"""kubeconform with our schemas: strict, offline, and a kind without a schema is a failure."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.tools import pins
from tests.tools.process import run

_LAYOUT = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"


class Verdict(NamedTuple):
    """What it says of one object; `status` is statusValid or why not."""

    file: str
    kind: str
    name: str
    status: str
    message: str

    def is_valid(self) -> bool:
        """Whether the object was looked at and is right."""
        return self.status == "statusValid"


def judge(files: Iterable[Path], kubernetes: str) -> list[Verdict]:
    """One verdict for each object in the files, in one run; `kubernetes` is a version such as 1.36."""
    core = pins.SCHEMAS / "core" / "{{.NormalizedKubernetesVersion}}" / _LAYOUT
    command: list[str | Path] = [pins.BIN / "kubeconform", "-strict", "-output", "json", "-verbose"]
    command += ["-kubernetes-version", f"{kubernetes}.0", "-n", "2"]
    command += ["-schema-location", core, "-schema-location", pins.SCHEMAS / "crds" / _LAYOUT]
    done = run([*command, *files])
    if not done.out.strip():
        message = f"kubeconform said nothing: {done.both()}"
        raise RuntimeError(message)
    return [
        Verdict(row["filename"], row["kind"], row["name"], row["status"], row["msg"])
        for row in json.loads(done.out)["resources"]
    ]
