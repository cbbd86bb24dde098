"""kubeconform: the same schemas as ours, read by another program."""

import json
from collections.abc import Iterator

from hftgen.check.tools.tool import Answer, Call, Refusal, Tree, shorten

LAYOUT = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
MOST = 5_000
"""Files of one call: a command line has an end."""


class Kubeconform:
    """kubeconform -strict, offline."""

    name = "kubeconform"
    looks = "objects against their schemas, by another reader of YAML"
    version: tuple[str, ...] = ("-v",)

    def plan(self, tree: Tree) -> Iterator[Call]:
        """All files that hold objects, many at once."""
        place = ("-schema-location", f"{tree.schemas}/{LAYOUT}")
        options = ("-strict", "-output", "json", "-ignore-missing-schemas", *place)
        files = tree.survey.files
        for start in range(0, len(files), MOST):
            chosen = (str(tree.folder / file) for file in files[start : start + MOST])
            yield Call(tree, (*options, *chosen), "")

    def read(self, call: Call, answer: Answer) -> Iterator[Refusal]:
        """Each object that is invalid, or could not be read."""
        try:
            rows = json.loads(answer.out)["resources"]
        except (ValueError, KeyError, TypeError):
            yield Refusal(call.about, "", shorten(answer.err or answer.out))
            return
        for row in rows or ():
            if row["status"] in ("statusInvalid", "statusError"):
                subject = f"{row['kind']}/{row['name']}" if row.get("kind") else ""
                path = row["filename"].removeprefix(f"{call.tree.folder}/")
                yield Refusal(path, subject, shorten(row["msg"]))
